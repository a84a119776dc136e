// What the server is asked, and the shapes of what it answers. One place, so that a change there breaks here first.
import { spoken, TONGUES } from './words.svelte'

export interface OptionSchema {
  type?: string
  enum?: (string | number)[]
  anyOf?: OptionSchema[]
  default?: unknown
  description?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  items?: OptionSchema
  readOnly?: boolean // filled in by the program, no wish of a person's
  needs?: string // the option without which this one says nothing
}
export interface Length {
  usual: number
  least: number
  most: number
}
export interface Brief {
  form: string
  idea: string
  language?: 'en' | 'zh'
  title?: string
  tone?: string
  audience?: string
  length?: number
  seed?: number
  date?: string
  options?: Record<string, unknown>
  references?: Reference[]
}
export interface Reference {
  kind: string
  name: string
  text: string
}
export interface Form {
  name: string
  names: Record<string, string>
  summary: Record<string, string>
  languages: ('en' | 'zh')[]
  length: Length
  lengths: Record<string, Length>
  formats: string[]
  references: string[]
  options: { properties?: Record<string, OptionSchema> }
  keeps: boolean
  heeds: string[]
  writes: string[]
  examples: Brief[]
}
export interface EngineCard {
  name: string
  title: string
  licence: string
  languages: string[]
  parameters: number
  context: number
}
export interface Job {
  id: string
  sweep: string // of which it is a cell
  world: string // whose parts it makes; '' of a work by itself
  state: string
  form: string
  idea: string
  brief: Brief
  engine: string
  priority: number
  attempts: number
  work: string
  error: string
  created: string
  finished: string | null
}
export interface Choice {
  step: string
  candidates: string[]
  measures: Record<string, number>[]
  taken: number
}
export interface Step {
  name: string
  part?: string // of a world
  texts: { text: string; author: string }[]
  choices: Choice[]
}
export interface Card {
  id: string
  form: string
  language: 'en' | 'zh'
  title: string
  idea: string
  origin: string
  seed: number
  checkpoint: string
  words: number
  created: string
  updated: string
  removed: string | null
  boards: string[]
  excerpt?: string
}
export interface Finding {
  rule: string
  message: string
  severity: 'error' | 'warning' | 'note'
  span: { part: string; start: number; end: number; text: string } | null
}
export interface CheckpointCard {
  name: string
  sha256: string
  licence: string
  source: string
  parameters: number
}
export interface Made {
  brief?: Brief
  parent?: string | null
  findings?: Finding[]
  record?: {
    engine: string
    checkpoint: CheckpointCard
    beside: CheckpointCard[]
    seed: number
    versions: Record<string, string>
    authorship: Record<string, number>
    choices: Choice[]
    removals: Record<string, number>
  }
}
export interface WorkFile {
  name: string
  media_type: string
  bytes: number
  sha256: string
}
export interface Work extends Card {
  version: string
  edited: boolean
  text: string
  content: Record<string, unknown> | null
  made: Made
  findings: Finding[] | null // of this version; null where an edited text can't be judged
  files: WorkFile[]
  exports: string[]
  locks: number[]
  parts: { name: string; titles: Record<string, string> }[] // that can be kept by name: a picture's
  keeps: boolean
}
export interface Version {
  id: string
  parent: string | null
  kind: string
  note: string
  words: number
  created: string
  branches: string[]
}
export interface Change {
  kind: 'added' | 'removed' | 'changed'
  old: string
  new: string
  words: [string, string][]
}
export interface Certificate {
  language: string
  holds: boolean
  units: {
    name: string
    text: string
    rules: { rule: string; holds: boolean; evidence: string; removed: number; instead: string }[]
  }[]
}
export interface Alternative {
  text: string
  author: 'engine' | 'craft'
  how: string
}
export interface Remark {
  rule: string
  message: string
  severity: string
  line: number
  column: number
  suggestion?: string
}

export interface Field {
  type?: string
  enum?: string[]
  items?: Field & { $ref?: string }
  format?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  maxItems?: number
  default?: unknown
  readOnly?: boolean
  properties?: Record<string, Field>
  additionalProperties?: unknown
}
export type Bible = Record<string, unknown> & { title?: string; palette?: string[] }
export interface Declared {
  bible: { properties: Record<string, Field>; $defs: Record<string, Field> }
  roles: Record<string, { form: string; options: Record<string, unknown> }>
  usual: Record<string, string[]>
  most: number
}
export interface Asked {
  name: string
  options: Record<string, unknown>
}
export interface WorldCard {
  id: string
  title: string
  idea: string
  logline: string
  language: 'en' | 'zh'
  palette: string[]
  parts: { name: string; form: string; work: string }[]
  created: string
  updated: string
}
export interface WorldPart {
  name: string
  form: string
  options: Record<string, unknown>
  seed: number
  work: Card | null
  outdated: boolean
}
export interface World extends Omit<WorldCard, 'parts'> {
  author: string
  engine: string
  bible: Bible
  parts: WorldPart[]
  job: Job | null
}

export type Plain = string | number | boolean
export interface Axis {
  name: string
  values: Plain[]
}
export interface Sweep {
  id: string
  axes: Axis[]
  cells: { place: number[]; job: Job & { progress: { done: number } | null } }[]
}
export interface Recognised {
  how: 'bytes' | 'label' | 'notice' | 'record' | 'world' | 'none'
  label: Record<string, string> | null
  notice: string
  work: Card | null
  brief: Brief | null
  world: { idea: string; language: 'en' | 'zh'; author: string; parts: { name: string; form: string; options: Record<string, unknown> }[]; given: Bible; bible: Bible } | null
}

/** What the server refused, in its own words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

let locked: () => void = () => {}
export function whenLocked(then: () => void): void {
  locked = then
}

async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const file = body instanceof Blob
  const headers: Record<string, string> = { 'Accept-Language': TONGUES[spoken.tongue].lang } // in which refusals are told
  if (body !== undefined) headers['Content-Type'] = file ? 'application/octet-stream' : 'application/json'
  let answer: Response
  try {
    answer = await fetch(path, { method, headers, signal, body: body === undefined || file ? body : JSON.stringify(body) })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Refusal(0, '')
  }
  const told: unknown = await answer.json().catch(() => null)
  if (answer.ok) return told as T
  if (answer.status === 401 && path !== '/session') locked()
  const message = (told as { error?: { message?: string } } | null)?.error?.message ?? answer.statusText
  throw new Refusal(answer.status, message)
}

const world = (id: string): string => `/api/worlds/${encodeURIComponent(id)}`
export const worldUrl = (id: string): string => `${world(id)}/page`
const at = (id: string): string => `/api/works/${encodeURIComponent(id)}`
export const exportUrl = (id: string, ending: string): string => `${at(id)}/exports/${ending}`

export const coverUrl = (id: string): string => `${at(id)}/cover`
export const boardUrl = (board: string): string => `/api/pages/${encodeURIComponent(board)}`

export const api = {
  session: () => ask<{ open: boolean }>('GET', '/session'),
  enter: (entry: { token?: string; key?: string }) => ask<{ open: boolean }>('POST', '/session', entry),
  leave: () => ask<{ open: boolean }>('DELETE', '/session'),
  forms: async () => (await ask<{ forms: Form[] }>('GET', '/api/forms')).forms,
  engines: async () => (await ask<{ engines: EngineCard[] }>('GET', '/api/engines')).engines,
  compose: (brief: Brief, engine: string, formats: string[]) => ask<Job>('POST', '/api/jobs', { brief, engine, formats }),
  sweep: (brief: Brief, axes: Axis[], engine: string, formats: string[]) => ask<Sweep>('POST', '/api/sweeps', { brief, axes, engine, formats }),
  swept: (id: string) => ask<Sweep>('GET', `/api/sweeps/${encodeURIComponent(id)}`),
  keepOne: (id: string, job: string) => ask<{ removed: string[] }>('POST', `/api/sweeps/${encodeURIComponent(id)}/keep`, { job }),
  jobs: async () => (await ask<{ jobs: Job[] }>('GET', '/api/jobs?limit=30')).jobs,
  job: (id: string) => ask<Job>('GET', `/api/jobs/${encodeURIComponent(id)}`),
  retry: (id: string) => ask<Job>('POST', `/api/jobs/${encodeURIComponent(id)}/retry`),
  pause: (id: string) => ask<Job>('POST', `/api/jobs/${encodeURIComponent(id)}/pause`),
  resume: (id: string) => ask<Job>('POST', `/api/jobs/${encodeURIComponent(id)}/resume`),
  cancel: (id: string) => ask<Job>('POST', `/api/jobs/${encodeURIComponent(id)}/cancel`),
  works: async (query: Record<string, string>, signal?: AbortSignal) =>
    (await ask<{ works: Card[] }>('GET', `/api/works?${new URLSearchParams(query)}`, undefined, signal)).works,
  work: (id: string) => ask<Work>('GET', at(id)),
  certificate: (id: string) => ask<Certificate>('GET', `${at(id)}/certificate`),
  versions: async (id: string) => (await ask<{ versions: Version[] }>('GET', `${at(id)}/versions`)).versions,
  difference: async (id: string, old: string, now: string) =>
    (await ask<{ changes: Change[] }>('GET', `${at(id)}/difference?${new URLSearchParams({ old, new: now })}`)).changes,
  keep: (id: string, text: string, note: string) => ask<{ version: string }>('POST', `${at(id)}/versions`, { text, note }),
  goBack: (id: string, version: string) => ask<{ version: string }>('POST', `${at(id)}/return`, { version }),
  vary: (id: string, keep: number[], formats: string[]) => ask<Job>('POST', `${at(id)}/variations`, { keep, formats }),
  lock: (id: string, parts: number[]) => ask<{ locks: number[] }>('PUT', `${at(id)}/locks`, { parts }),
  artifact: async (id: string) => (await ask<{ url: string }>('POST', `${at(id)}/artifact`)).url,
  remove: (id: string) => ask<Card>('DELETE', at(id)),
  restore: (id: string) => ask<Card>('POST', `${at(id)}/restore`),
  boards: async () => (await ask<{ boards: Record<string, number> }>('GET', '/api/boards')).boards,
  boardPage: async (board: string) => (await ask<{ url: string }>('POST', `/api/pages/${encodeURIComponent(board)}/artifact`)).url,
  pin: (board: string, id: string) => ask<Card>('PUT', `/api/boards/${encodeURIComponent(board)}/${id}`),
  unpin: (board: string, id: string) => ask<Card>('DELETE', `/api/boards/${encodeURIComponent(board)}/${id}`),
  recognise: (file: File) => ask<Recognised>('POST', `/api/recognise?${new URLSearchParams({ name: file.name.slice(-300) })}`, new Blob([file])),
  declared: () => ask<Declared>('GET', '/api/bible'),
  worlds: async () => (await ask<{ worlds: WorldCard[] }>('GET', '/api/worlds')).worlds,
  world: (id: string) => ask<World>('GET', world(id)),
  addWorld: (body: Record<string, unknown>) => ask<World>('POST', '/api/worlds', body),
  removeWorld: (id: string) => ask<WorldCard>('DELETE', world(id)),
  writeBible: (id: string, bible: Bible) => ask<World>('PUT', `${world(id)}/bible`, bible),
  addParts: (id: string, parts: Asked[]) => ask<World>('POST', `${world(id)}/parts`, { parts }),
  removePart: (id: string, part: string) => ask<World>('DELETE', `${world(id)}/parts/${part}`),
  makeWorld: (id: string) => ask<Job>('POST', `${world(id)}/making`),
  makeAnew: (id: string, part: string, how: { seed?: number; options: Record<string, unknown> }) =>
    ask<Job>('POST', `${world(id)}/parts/${part}/anew`, how),
  worldPage: async (id: string) => (await ask<{ url: string }>('POST', `${world(id)}/artifact`)).url,
  assist: <T>(what: string, body: Record<string, unknown>, signal: AbortSignal) =>
    ask<T>('POST', `/api/assist/${what}`, body, signal),
}

/** Fetch a work as a file of this ending: made by the server where it wasn't yet. */
export async function fetched(url: string): Promise<{ blob: Blob; name: string }> {
  const answer = await fetch(url).catch(() => {
    throw new Refusal(0, '')
  })
  if (!answer.ok) {
    const told = (await answer.json().catch(() => null)) as { error?: { message?: string } } | null
    throw new Refusal(answer.status, told?.error?.message ?? answer.statusText)
  }
  const said = answer.headers.get('content-disposition') ?? ''
  const name = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(said)?.[1] ?? 'work')
  return { blob: await answer.blob(), name }
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
