// The words of a work as blocks: a small part of Markdown and of Fountain. Nothing of it is ever read as HTML.
export interface Run {
  text: string
  strong?: boolean
  emphasis?: boolean
}
export type Block =
  | { kind: 'heading'; level: number; runs: Run[] }
  | { kind: 'paragraph'; runs: Run[] }
  | { kind: 'stanza'; lines: Run[][] }
  | { kind: 'list'; ordered: boolean; items: Run[][] }
  | { kind: 'quote'; runs: Run[] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'break' }
  | { kind: 'picture'; source: string; alt: string }
  | { kind: 'scene' | 'character' | 'aside' | 'speech' | 'transition'; text: string }

export function runs(text: string): Run[] {
  const out: Run[] = []
  const mark = /\\([\\`*_{}[\]()#+\-.!|<>~&])|(\*{1,3})(?=\S)(.+?)(?<=\S)\2/gs
  let end = 0
  const add = (run: Run): void => {
    const last = out.at(-1)
    if (last && last.strong === run.strong && last.emphasis === run.emphasis) last.text += run.text
    else if (run.text) out.push(run)
  }
  for (const found of text.matchAll(mark)) {
    add({ text: text.slice(end, found.index) })
    end = found.index + found[0].length
    if (found[1] !== undefined) add({ text: found[1] })
    else add({ text: found[3]!.replace(/\\([\\*_])/g, '$1'), strong: found[2]!.length > 1, emphasis: found[2]!.length !== 2 })
  }
  add({ text: text.slice(end) })
  return out
}

function table(text: string): Block {
  const rows = text
    .replace(/\|[ \t]+\|(?=[ \t]*\S)/g, '|\n|') // the words of a work have a table's rows behind one another
    .split('\n')
    .map((row) => row.trim().replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim()))
  const body = rows.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)))
  return { kind: 'table', head: body[0] ?? [], rows: body.slice(1) }
}

/** Read Markdown as far as works use it; the lines of a paragraph with several are verse. */
export function blocks(text: string): Block[] {
  const out: Block[] = []
  for (const part of text.replace(/\r\n/g, '\n').split(/\n\s*\n/)) {
    const block = part.replace(/^\n+|\s+$/g, '')
    if (!block.trim()) continue
    const lines = block.split('\n').map((line) => line.replace(/\\$/, '').trim())
    const picture = /^!\[((?:[^\]\\]|\\.)*)\]\s*\((data:image\/(?:svg\+xml|png);base64,[A-Za-z0-9+/=]+)\)$/.exec(block.trim())
    const heading = /^(#{1,6})\s+(.+)$/.exec(block)
    if (picture) out.push({ kind: 'picture', source: picture[2]!, alt: picture[1]!.replace(/\\(.)/g, '$1') })
    else if (heading) out.push({ kind: 'heading', level: Math.max(2, heading[1]!.length), runs: runs(heading[2]!) })
    else if (/^(?:[*_⁂·—-]\s*){1,7}$/.test(block.trim().replace(/\\/g, ''))) out.push({ kind: 'break' })
    else if (/^\|.*\|$/s.test(block.trim())) out.push(table(block.trim()))
    else if (lines.every((line) => /^[-*+] /.test(line))) out.push({ kind: 'list', ordered: false, items: lines.map((l) => runs(l.slice(2))) })
    else if (lines.every((line) => /^\d+[.)] /.test(line)))
      out.push({ kind: 'list', ordered: true, items: lines.map((l) => runs(l.replace(/^\d+[.)] /, ''))) })
    else if (lines.every((line) => line.startsWith('>'))) out.push({ kind: 'quote', runs: runs(lines.map((l) => l.replace(/^> ?/, '')).join(' ')) })
    else if (lines.length > 1) out.push({ kind: 'stanza', lines: lines.map(runs) })
    else out.push({ kind: 'paragraph', runs: runs(lines[0]!) })
  }
  return out
}

/** Read Fountain: headings of scenes, who speaks, what is said, and the rest as action. */
export function screenplay(text: string): Block[] {
  const out: Block[] = []
  for (const part of text.replace(/\r\n/g, '\n').split(/\n\s*\n/)) {
    const lines = part.split('\n').map((line) => line.trim()).filter(Boolean)
    const first = lines[0]
    if (!first || /^(Title|Credit|Author|Notes|Draft date|Contact|Source):/.test(first)) continue
    if (/^(INT|EXT|EST|I\/E|内景|外景|内|外)[\s.·/]/.test(first) || /^\.[^.]/.test(first)) out.push({ kind: 'scene', text: lines.join(' ').replace(/^\./, '') })
    else if (/^>|TO:$/.test(first)) out.push({ kind: 'transition', text: first.replace(/^>\s*/, '') })
    else if (lines.length > 1 && (first.startsWith('@') || first === first.toUpperCase())) {
      out.push({ kind: 'character', text: first.replace(/^@/, '') })
      for (const line of lines.slice(1)) out.push({ kind: /^[(（].*[)）]$/.test(line) ? 'aside' : 'speech', text: line })
    } else out.push({ kind: 'paragraph', runs: runs(lines.join(' ').replace(/^!/, '')) })
  }
  return out
}
