/**
 * Leads from a link to the app and leaves the key there. Not a redirect: the cookie goes along only
 * with a step that starts on a page of our own, wherever the link was clicked.
 */
export function enterPage(key: string | null): string {
  const script = key === null ? '' : `<script src="/enter.js" data-key="${key}"></script>`
  return page(
    `${script}<meta http-equiv="refresh" content="0;url=/">`,
    '<p><a href="/">Open Sublet</a></p>',
  )
}

/** What `enterPage` runs: the policy allows no script within a page. The renderer reads the same name. */
export const enterScript =
  "localStorage.setItem('sublet.key', document.currentScript.dataset.key)\n"

/** For whoever comes without a session. */
export function lockedPage(): string {
  return page(
    '',
    `<h1>This page opens by a link</h1>
<p>Each link of <code>sublet serve</code> works once. Press Enter in the terminal where it runs, and open the fresh link that it prints.</p>`,
  )
}

function page(head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>Sublet</title>${head}
<body>${body}</body>
</html>
`
}
