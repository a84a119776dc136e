// The words of the page in both languages. A key that one language lacks doesn't compile.
import type { Form, OptionSchema } from './api'
import en from '../words/en.json'
import options from '../words/options.json'
import zh from '../words/zh.json'

export type Language = 'en' | 'zh'
export type Key = keyof typeof en
const tables: Record<Language, Record<Key, string>> = { en, zh }

function first(): Language {
  const kept = localStorage.getItem('language')
  if (kept === 'en' || kept === 'zh') return kept
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export const spoken = $state<{ language: Language }>({ language: first() })

export function speak(language: Language): void {
  spoken.language = language
  localStorage.setItem('language', language)
}

/** The words under a key, with {name} filled in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return tables[spoken.language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** The words under a key that is put together while running; the key itself where there is none. */
export function told(key: string, otherwise = key): string {
  const table: Record<string, string> = tables[spoken.language]
  return table[key] ?? otherwise
}

const names = options.names as unknown as Record<string, [string, string]>
const helps: Record<string, string> = options.zh
const values: Record<string, string> = options.values

export function optionName(form: Form, name: string): string {
  const found = names[`${form.name}.${name}`] ?? names[name]
  if (found) return found[spoken.language === 'zh' ? 1 : 0]
  const plain = name.replace(/_/g, ' ')
  return plain.charAt(0).toUpperCase() + plain.slice(1)
}

/** A wish of the brief itself, as its form is asked for it. */
export function wishName(name: string): string {
  return told(`create.${name === 'title' ? 'heading' : name}`, name)
}

export function optionHelp(form: Form, name: string, schema: OptionSchema): string {
  if (spoken.language === 'zh') return helps[`${form.name}.${name}`] ?? helps[name] ?? schema.description ?? ''
  return schema.description ?? ''
}

export function optionValue(form: Form, value: string): string {
  if (spoken.language === 'zh') return values[`${form.name}.${value}`] ?? values[value] ?? value
  return value
}

/** A value that several forms understand, as of a bible. */
export function said(value: string): string {
  return spoken.language === 'zh' ? (values[value] ?? value) : value
}

/** What a part of a world is called: "song", "cover", "haiku-2". */
export function partName(name: string, form: Form | undefined): string {
  const [, base, n] = /^(.*?)(?:-(\d+))?$/.exec(name)!
  return told(`world.role.${base}`, formName(form, name)) + (n ? ` ${n}` : '')
}

export function formName(form: Form | undefined, otherwise = ''): string {
  return form ? (form.names[spoken.language] ?? form.names.en ?? form.name) : otherwise
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

export function number(value: number): string {
  return value.toLocaleString(spoken.language === 'zh' ? 'zh-CN' : 'en-GB')
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
  return new Date(iso).toLocaleDateString(spoken.language === 'zh' ? 'zh-CN' : 'en-GB')
}
