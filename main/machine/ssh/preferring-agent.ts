import { readFile } from 'node:fs/promises'
import ssh2, {
  BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2'

/**
 * The user's agent with one key moved to the front: a server hangs up after some six keys, and an
 * agent may hold more.
 */
class PreferringAgent extends BaseAgent<ParsedKey> {
  readonly #agent: ssh2.OpenSSHAgent
  readonly #preferred: Buffer

  constructor(agent: ssh2.OpenSSHAgent, preferred: Buffer) {
    super()
    this.#agent = agent
    this.#preferred = preferred
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    this.#agent.getIdentities((error, keys) => {
      const isPreferred = (key: object): boolean =>
        'getPublicSSH' in key && (key as ParsedKey).getPublicSSH().equals(this.#preferred)
      callback(
        error,
        keys === undefined
          ? keys
          : [...keys.filter(isPreferred), ...keys.filter((key) => !isPreferred(key))],
      )
    })
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options)
    else this.#agent.sign(key, data, options, callback)
  }
}

/** The agent at a socket; the key that belongs to the key file is tried first where it has it. */
export async function agentAt(
  socket: string,
  privateKeyPath: string | undefined,
): Promise<BaseAgent | string> {
  if (privateKeyPath === undefined) return socket
  // Only a hint: without the public half beside the private one, the agent's own order stands.
  const line = await readFile(`${privateKeyPath}.pub`).catch(() => null)
  if (line === null) return socket
  const key = ssh2.utils.parseKey(line)
  if (key instanceof Error) return socket
  return new PreferringAgent(new ssh2.OpenSSHAgent(socket), key.getPublicSSH())
}
