import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  readonly version: string
}
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** `bin/build-app.mjs` builds beside `out/` and puts the parts in place when all of them are done. */
const out = process.env['SUBLET_OUT'] ?? at('out')

export default defineConfig({
  main: {
    build: {
      outDir: `${out}/desktop/main`,
      emptyOutDir: true,
      minify: true,
      // Nothing of the main process needs a package at run time but Electron itself.
      externalizeDeps: false,
      lib: { entry: at('main/index.ts'), formats: ['es'] },
    },
  },
  preload: {
    build: {
      outDir: `${out}/desktop/preload`,
      emptyOutDir: true,
      minify: true,
      // A sandboxed preload can require nothing.
      externalizeDeps: false,
      lib: { entry: at('preload/index.ts'), formats: ['cjs'] },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    define: { __SUBLET_VERSION__: JSON.stringify(version) },
    build: {
      outDir: `${out}/renderer`,
      emptyOutDir: true,
      minify: true,
      // The policy forbids data: scripts and fonts; small images may stay inline.
      assetsInlineLimit: 2_048,
      rollupOptions: { input: at('renderer/index.html') },
    },
  },
})
