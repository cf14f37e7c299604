/** The colour that a token (`--s1`) has on this element now, as `rgb(…)` or the like, for a canvas. */
export function cssColour(element: Element, token: string): string {
  const probe = element.ownerDocument.createElement('span')
  probe.style.color = `var(${token})`
  element.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}
