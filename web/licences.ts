// The licences of everything that the built page holds, as one file beside it. A package without one fails the build.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const LEGAL = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'])

export function licences(): Plugin {
  return {
    name: 'licences',
    apply: 'build',
    generateBundle(_, bundle) {
      const used = new Set<string>()
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        for (const id of Object.keys(chunk.modules)) {
          const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))
          if (found) used.add(found[1]!)
        }
      }
      const parts = [...used].sort().map((name) => {
        const folder = join(import.meta.dirname, 'node_modules', name)
        const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string; license?: string }
        if (!LEGAL.has(about.license ?? '')) throw new Error(`${name} is under ${about.license ?? 'no licence'}, which the page can't hold`)
        const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
        const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : ''
        return `${name} ${about.version} (${about.license})\n\n${text}\n`
      })
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: parts.join('\n----\n\n') })
    },
  }
}
