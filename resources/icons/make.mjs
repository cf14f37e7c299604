#!/usr/bin/env node
// Draws the app's icons from one shape and writes them beside this file: node resources/icons/make.mjs
// Needs rsvg-convert (Debian: librsvg2-bin).
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import url from 'node:url'

const here = path.dirname(url.fileURLToPath(import.meta.url))
const accent = '#00724c'
const quarter = 'M8 8V0h3.5A4.5 4.5 0 0 1 16 4.5v7a4.5 4.5 0 0 1-4.5 4.5h-7A4.5 4.5 0 0 1 1 14.3z'
const tile = (fill) => `<rect width="16" height="16" rx="4.5" fill="${fill}"/>`
const svg = (content) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${content}</svg>`

// The ground shows the state by shape as well as by colour: a part for idle, the whole for running, a mark for attention.
const used = `<path d="${quarter}" fill="${accent}"/>`
const mark = (fill) =>
  `<rect x="6.9" y="3" width="2.2" height="6.4" rx="1.1" fill="${fill}"/><circle cx="8" cy="12" r="1.35" fill="${fill}"/>`
const trays = {
  idle: svg(`${tile('#b9b8b4')}<path d="M8 8V0h3.5A4.5 4.5 0 0 1 16 4.5V8z" fill="#6f6e6a"/>`),
  running: svg(`${tile('#b9b8b4')}${used}`),
  attention: svg(`${tile('#a8530a')}${mark('#ffffff')}`),
}
const outline = `<rect x="0.75" y="0.75" width="14.5" height="14.5" rx="4" fill="none" stroke="#000" stroke-width="1.5"/>`
const templates = {
  idle: svg(outline),
  running: svg(`${outline}<path d="${quarter}" fill="#000"/>`),
  attention: svg(`${outline}${mark('#000')}`),
}

write(
  svg(`<g transform="translate(1.2 1.2) scale(.85)">${tile('#b9b8b4')}${used}</g>`),
  512,
  'icon',
)
for (const [state, drawing] of Object.entries(trays)) {
  write(drawing, 22, `tray-${state}`)
  write(drawing, 44, `tray-${state}@2x`)
}
for (const [state, drawing] of Object.entries(templates)) {
  write(drawing, 16, `tray-${state}Template`)
  write(drawing, 32, `tray-${state}Template@2x`)
}

function write(drawing, size, name) {
  const file = path.join(here, `${name}.png`)
  execFileSync('rsvg-convert', ['-w', String(size), '-h', String(size), '-o', file], {
    input: drawing,
  })
}
