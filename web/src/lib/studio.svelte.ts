// What all views share: forms, engines, jobs at hand, the look, what is said aloud, and briefs on their way to Create.
import { api, type Brief, type EngineCard, type Form, type Job, type OptionSchema, type Recognised, Refusal } from './api'
import { t } from './words.svelte'

export const studio = $state<{
  forms: Form[]
  engines: EngineCard[]
  open: boolean | null
  jobs: Job[]
  said: string
  trouble: string
}>({ forms: [], engines: [], open: null, jobs: [], said: '', trouble: '' })

export type Look = 'system' | 'light' | 'dark'
const kept = localStorage.getItem('look')
export const look = $state<{ chosen: Look }>({ chosen: kept === 'light' || kept === 'dark' ? kept : 'system' })

export function wear(chosen: Look): void {
  look.chosen = chosen
  localStorage.setItem('look', chosen)
  document.documentElement.dataset.theme = chosen
}

/** Say something to those who listen to the page. */
export function say(words: string): void {
  studio.said = words
}

/** Show what went wrong, in the server's words where it has some. */
export function tell(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return
  const words = error instanceof Error ? error.message : String(error)
  studio.trouble = error instanceof Refusal && !words ? t('app.offline') : words
}

export function formOf(name: string): Form | undefined {
  return studio.forms.find((form) => form.name === name)
}

export async function open(): Promise<void> {
  const [forms, engines] = await Promise.all([api.forms(), api.engines()])
  studio.forms = forms
  studio.engines = engines
  studio.open = true
}

/** The wishes of a form that somebody can have who has these already. */
export function wishesOf(form: Form | undefined, options: Record<string, unknown> = {}): [string, OptionSchema][] {
  const asked = Object.entries(form?.options.properties ?? {}).filter(([, schema]) => !schema.readOnly && (!schema.needs || options[schema.needs]))
  return asked.toSorted(([, a], [, b]) => Number(a.type === 'object') - Number(b.type === 'object')) // those of a row of their own last
}

/** The files that a view needs at once; the others are made when asked for. */
export function formatsFor(form: Form): string[] {
  const shown = ['svg', 'ogg', 'png', 'glb'].filter((ending) => form.formats.includes(ending))
  const medium = mediumOf(form.formats)
  if (medium === 'score') return shown.filter((e) => e !== 'png')
  if (medium === 'picture') return ['png']
  if (medium === 'solid') return shown.filter((e) => e === 'glb' || e === 'png')
  return form.formats.slice(0, 1)
}

export type Medium = 'text' | 'score' | 'picture' | 'solid'
export function mediumOf(endings: string[]): Medium {
  if (endings.includes('mid') || endings.includes('musicxml')) return 'score'
  if (endings.includes('glb') || endings.includes('stl')) return 'solid'
  if (endings.includes('png')) return 'picture'
  return 'text'
}

export type Family = 'verse' | 'writing' | 'music' | 'picture'

const order = [
  'story', 'novel', 'prose', 'screenplay', 'email', 'news', 'report', 'haiku', 'sonnet', 'ballad', 'limerick', 'free-verse', 'villanelle',
  'terza-rima', 'heroic-couplets', 'jueju', 'lushi', 'ci', 'duilian', 'xinshi', 'tune', 'song', 'chorale', 'picture', 'restyle', 'sculpture',
]
/** The place of a form in the gallery: the best known first, those of other people last. */
export const placeOf = (form: Form): number => (order.indexOf(form.name) + 1 || order.length + 1)
export function familyOf(form: Form): Family {
  const medium = mediumOf(form.formats)
  if (medium === 'score') return 'music'
  if (medium === 'picture' || medium === 'solid') return 'picture'
  return form.formats.includes('svg') ? 'verse' : 'writing'
}

const glyphs: Record<string, string> = {
  haiku: '俳', sonnet: '商', ballad: '谣', limerick: '谐', villanelle: '叠', 'terza-rima': '环', 'heroic-couplets': '双',
  'free-verse': '自', jueju: '绝', lushi: '律', ci: '词', duilian: '联', xinshi: '新', story: '说', novel: '书', prose: '文',
  screenplay: '剧', news: '闻', report: '报', email: '函', tune: '曲', song: '歌', chorale: '和', picture: '画', restyle: '摹', sculpture: '塑',
  cover: '封', illustration: '图', album: '碟', broadside: '笺', world: '界',
}
/** The one character that stands for a form. */
export function glyphOf(name: string): string {
  return glyphs[name] ?? formOf(name)?.names.zh?.charAt(0) ?? '文'
}

/** The glyph's name of a part of a world: a picture is shown by what it is for. */
export const glyphName = (part: string, form: string): string => (part.replace(/-\d+$/, '') in glyphs ? part.replace(/-\d+$/, '') : form)

// A brief that waits to be changed: from a work, a job, or an idea written down before a form was chosen.
export const desk = $state<{ brief: Brief | null; world: Recognised['world']; engine: string; from: string; idea: string }>({
  brief: null,
  world: null,
  engine: '',
  from: '',
  idea: sessionStorage.getItem('idea') ?? '',
})

/** How a file is chosen to be read, at once or after a word: the part that reads files says. */
export const files = { choose: (): void => {}, ask: (): void => {} }

export const atWork = (jobs: Job[]): Job[] => jobs.filter((job) => !['done', 'failed', 'cancelled'].includes(job.state))
