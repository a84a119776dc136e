import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { licences } from './licences'

export default defineConfig({
  plugins: [svelte(), licences()],
  build: {
    outDir: '../src/miaobi/server/page',
    emptyOutDir: true,
    assetsInlineLimit: 0, // nothing inline: the policy allows no data: scripts or styles
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // which know light-dark(): else it is written out as variables
    chunkSizeWarningLimit: 700, // three.js, loaded where there is a solid
  },
  server: { proxy: Object.fromEntries(['/api', '/session', '/artifact', '/health'].map((p) => [p, 'http://127.0.0.1:8377'])) },
})
