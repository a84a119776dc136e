// The words of the page in both languages. A key that one language lacks doesn't compile. Traditional characters are a
// table made from the simplified ones (words/hant.py), which loads when they are chosen.
import type { Form, OptionSchema } from './api'
import en from '../words/en.json'
import options from '../words/options.json'
import zh from '../words/zh.json'

export type Language = 'en' | 'zh'
export type Tongue = Language | 'hant'
export const TONGUES: Record<Tongue, { name: string; short: string; lang: string; next: Tongue }> = {
  en: { name: 'English', short: 'English', lang: 'en', next: 'zh' },
  zh: { name: '简体中文', short: '中文', lang: 'zh-CN', next: 'hant' },
  hant: { name: '繁體中文', short: '繁體', lang: 'zh-Hant', next: 'en' },
}
export type Key = keyof typeof en
const tables: Record<Language, Record<Key, string>> = { en, zh }

function first(): Tongue {
  const kept = localStorage.getItem('language')
  if (kept === 'en' || kept === 'zh' || kept === 'hant') return kept
  const asked = navigator.language.toLowerCase()
  return /^zh-(hant|tw|hk|mo)/.test(asked) ? 'hant' : asked.startsWith('zh') ? 'zh' : 'en'
}

type Hant = typeof import('../words/hant.json')
let hant = $state<Hant>()
const began = first()
export const spoken = $state<{ language: Language; tongue: Tongue }>({ language: began === 'en' ? 'en' : 'zh', tongue: began })

export async function speak(tongue: Tongue): Promise<void> {
  if (tongue === 'hant') hant ??= (await import('../words/hant.json')).default
  spoken.language = tongue === 'en' ? 'en' : 'zh'
  spoken.tongue = tongue
  localStorage.setItem('language', tongue)
}
/** Have the words of the language that the page begins with; until then it is silent. */
export const ready = (): Promise<void> => speak(began).catch(() => speak('zh'))

/** The language of what the server says: it is asked for the reader's, and has English for what it can't translate. */
export const heard = (message: string): string => (/[\u3400-\u9fff]/.test(message.replace(/“[^”]*”/g, '')) ? 'zh-CN' : 'en')

/** In whose characters signs are set. */
export const signed = (): string => (spoken.tongue === 'hant' ? 'zh-Hant' : 'zh-CN')

const table = (): Record<string, string> => (spoken.tongue === 'hant' && hant ? hant.words : tables[spoken.language])
/** A sign that is set alone, in the characters that are read. */
export const han = (sign: string): string => (spoken.tongue === 'hant' && hant ? Array.from(sign, (c) => (hant!.signs as Record<string, string>)[c] ?? c).join('') : sign)

/** The words under a key, with {name} filled in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return (table()[key] ?? '').replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** The words under a key that is put together while running; the key itself where there is none. */
export function told(key: string, otherwise = key): string {
  return table()[key] ?? otherwise
}

const names = options.names as unknown as Record<string, [string, string]>
const helps: Record<string, string> = options.zh
const values: Record<string, string> = options.values
/** The Chinese table of one kind, in the characters that are read. */
const chinese = (kind: 'helps' | 'values', plain: Record<string, string>): Record<string, string> =>
  spoken.tongue === 'hant' && hant ? (hant[kind] as Record<string, string>) : plain

export function optionName(form: Form, name: string): string {
  const key = names[`${form.name}.${name}`] ? `${form.name}.${name}` : name
  const found = names[key]
  if (found && spoken.tongue === 'hant' && hant) return (hant.names as Record<string, string>)[key] ?? found[1]
  if (found) return found[spoken.language === 'zh' ? 1 : 0]
  const plain = name.replace(/_/g, ' ')
  return plain.charAt(0).toUpperCase() + plain.slice(1)
}

/** A wish of the brief itself, as its form is asked for it. */
export function wishName(name: string): string {
  return told(`create.${name === 'title' ? 'heading' : name}`, name)
}

export function optionHelp(form: Form, name: string, schema: OptionSchema): string {
  const found = chinese('helps', helps)
  const said = schema.description ?? ''
  if (spoken.language === 'zh') return found[`${form.name}.${name}`] ?? found[name] ?? said
  const plain = said.replace(/,? by number: \{.*\}$/, '') // how it is written as JSON; here are fields
  return plain.charAt(0).toUpperCase() + plain.slice(1)
}

export function optionValue(form: Form, value: string): string {
  const found = chinese('values', values)
  if (spoken.language === 'zh') return found[`${form.name}.${value}`] ?? found[value] ?? value
  return value
}

/** A value that several forms understand, as of a bible. */
export function said(value: string): string {
  return spoken.language === 'zh' ? (chinese('values', values)[value] ?? value) : value
}

/** What a part of a world is called: "song", "cover", "haiku-2". */
export function partName(name: string, form: Form | undefined): string {
  const [, base, n] = /^(.*?)(?:-(\d+))?$/.exec(name)!
  return told(`world.role.${base}`, formName(form, name)) + (n ? ` ${n}` : '')
}

const traditional = (form: Form): string[] | undefined =>
  spoken.tongue === 'hant' && hant ? (hant.forms as Record<string, string[]>)[form.name] : undefined

export function formName(form: Form | undefined, otherwise = ''): string {
  if (form && traditional(form)) return traditional(form)![0]!
  return form ? (form.names[spoken.language] ?? form.names.en ?? form.name) : otherwise
}

export function summaryOf(form: Form): string {
  return traditional(form)?.[1] ?? form.summary[spoken.language] ?? form.summary.en ?? ''
}

/** What the server tells of a step ("stanza 2", "s1: turn"), in the page's words where it has some. */
export function stepWords(what: string): string {
  const [, stanza] = /^stanza (\d+)$/.exec(what) ?? []
  if (stanza) return t('making.what.stanza', { n: stanza })
  const [, chapter, all] = /^chapter (\d+) of (\d+)$/.exec(what) ?? []
  if (chapter) return t('making.what.chapter', { n: chapter, all: all! })
  const [, scene, name] = /^s(\d+): (.+)$/.exec(what) ?? []
  if (scene) return t('making.what.scene', { n: scene, name: name! })
  return told(`making.what.${what}`, what)
}

/** What a rule of a certificate or of a check is called; its own name where the page has no word for it. */
export function ruleName(rule: string): string {
  const [, n] = /^(\d+(?: to \d+)?) syllables$/.exec(rule) ?? []
  return n ? t('rules.syllables', { n: n.replace(' to ', '–') }) : told(`rule.${rule}`, rule)
}

/** What a line, a bar or a step is called: "line 3", "A bar 1", "A pick-up", "第3句". */
export function unitName(unit: string): string {
  const [, line] = /^line (\d+)$/.exec(unit) ?? /^第(\d+)句$/.exec(unit) ?? []
  if (line) return spoken.language === 'zh' && !unit.startsWith('line') ? unit : t('unit.line', { n: line })
  const [, section = '', bar] = /^([A-F] )?(?:bar (\d+)|pick-up)$/.exec(unit) ?? []
  if (bar || unit.endsWith('pick-up')) return section + (bar ? t('unit.bar', { n: bar }) : t('unit.upbeat'))
  return told(`unit.${unit}`, stepWords(unit))
}

const region = (): string => ({ en: 'en-GB', zh: 'zh-CN', hant: 'zh-TW' })[spoken.tongue]

export function number(value: number): string {
  return value.toLocaleString(region())
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return t('time.s', { n: whole })
  return t('time.min', { m: Math.floor(whole / 60), s: whole % 60 })
}

export function ago(iso: string): string {
  const minutes = (Date.now() - Date.parse(iso)) / 60_000
  if (minutes < 1) return t('time.now')
  if (minutes < 60) return t('time.minutes', { n: Math.floor(minutes) })
  if (minutes < 1440) return t('time.hours', { n: Math.floor(minutes / 60) })
  if (minutes < 14_400) return t('time.days', { n: Math.floor(minutes / 1440) })
  return new Date(iso).toLocaleDateString(region())
}
