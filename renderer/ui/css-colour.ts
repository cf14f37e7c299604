/**
 * The colours that tokens (`--s1`) have on this element now, as `rgb(…)` or the like, for a canvas.
 * All at once, because each look at a style makes the browser compute it.
 */
export function cssColours(element: Element, tokens: readonly string[]): readonly string[] {
  const around = element.ownerDocument.createElement('span')
  around.append(
    ...tokens.map((token) => {
      const probe = element.ownerDocument.createElement('span')
      probe.style.color = `var(${token})`
      return probe
    }),
  )
  element.append(around)
  const colours = Array.from(around.children, (probe) => getComputedStyle(probe).color)
  around.remove()
  return colours
}
