import ssh2 from 'ssh2'
import type { Client, SFTPWrapper } from 'ssh2'
import type { SshTarget } from '../../main/providers/provider.ts'

/** Logs in with ssh2's client, checking the host key against the target's. */
export function sshLogin(target: SshTarget, privateKey: string): Promise<Client> {
  const client = new ssh2.Client()
  return new Promise((resolve, reject) => {
    client.once('ready', () => {
      // Else every small request waits 40 ms for an acknowledgement.
      client.setNoDelay(true)
      resolve(client)
    })
    // Stays: errors after the login (a cut) are seen by whoever uses the client.
    client.on('error', reject)
    client.connect({
      host: target.host,
      port: target.port,
      username: target.user,
      privateKey,
      hostVerifier: (key: Buffer) =>
        target.hostKeys.some((line) => line.split(' ')[1] === key.toString('base64')),
    })
  })
}

/** Runs a command to its end. */
export function sshExec(
  client: Client,
  command: string,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error !== undefined) return reject(error)
      let stdout = ''
      let code: number | null = null
      channel.on('data', (bytes: Buffer) => {
        stdout += bytes.toString()
      })
      channel.on('exit', (exitCode: number | null) => {
        code = exitCode
      })
      channel.on('close', () => resolve({ code, stdout }))
      channel.stderr.resume()
    })
  })
}

/** Opens an SFTP session. */
export function sshSftp(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.sftp((error, sftp) => (error === undefined ? resolve(sftp) : reject(error)))
  })
}
