/** Where addresses of the app may lead outside of it: documentation and the providers' own consoles. */
const hosts: ReadonlySet<string> = new Set([
  'github.com',
  'code.visualstudio.com',
  'cloud.lambda.ai',
  'cloud.vast.ai',
  'console.runpod.io',
  'cloud.digitalocean.com',
  'console.paperspace.com',
  'console.aws.amazon.com',
  'console.cloud.google.com',
  'portal.azure.com',
  'cloud.ibm.com',
  'console.coreweave.com',
  'huggingface.co',
  'wandb.ai',
])

/** Whether the system may be asked to open this: a known site, or a folder in VS Code over SSH. */
export function isAllowedAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, port, username, password, pathname } = new URL(address)
  if (protocol === 'https:') {
    return hosts.has(hostname) && port === '' && username === '' && password === ''
  }
  // Other addresses of VS Code install extensions or open files of this computer.
  return (
    protocol === 'vscode:' &&
    hostname === 'vscode-remote' &&
    pathname.startsWith('/ssh-remote+') &&
    !pathname.includes('..')
  )
}
