import { tick } from 'svelte'

// Addresses and views: /create/haiku, /making/ID, /works/ID/checks, /library?q=…, /worlds/ID/bible, /sweep/ID, /compare/ID/ID.
export const route = $state<{ path: string[]; query: Record<string, string> }>({ path: [], query: {} })

function read(): void {
  route.path = location.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  route.query = Object.fromEntries(new URLSearchParams(location.search))
}

export function go(path: string, replace = false): void {
  if (path === location.pathname + location.search) return
  history[replace ? 'replaceState' : 'pushState'](null, '', path)
  const before = route.path.slice(0, 2).join('/')
  read()
  if (before !== route.path.slice(0, 2).join('/')) {
    scrollTo(0, 0)
    void tick().then(() => document.getElementById('main')?.focus({ preventScroll: true })) // who reads by ear or key goes on from there
  }
}

/** Let links of ours change the view without loading the page anew. */
export function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
  const link = (event.target as Element | null)?.closest('a')
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return
  if (link.hash && link.pathname === location.pathname) return
  event.preventDefault()
  go(link.pathname + link.search)
}

export function start(): void {
  read()
  addEventListener('popstate', read)
}
