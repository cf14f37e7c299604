/** What a machine is told for its first start. */
export interface FirstStart {
  /** The user that SSH logs in as. */
  readonly user: string
  /** A POSIX sh script that this user runs once, in the background of the boot. */
  readonly script?: string
  /** OpenSSH's forms. The private half can be read on the machine: replace it after the first login. */
  readonly hostKey?: { readonly privateKey: string; readonly publicKey: string }
  /** Keys that may log in as the user, where the provider has no field for them. */
  readonly authorizedKeys?: readonly string[]
}

/**
 * User data for clouds whose images run cloud-init (https://cloudinit.readthedocs.io, modules
 * `ssh` and `runcmd`, read 2026-11). JSON, which is YAML too and needs no quoting of our own.
 */
export function cloudConfig({ user, script, hostKey, authorizedKeys = [] }: FirstStart): string {
  const config = {
    ...(hostKey === undefined
      ? {}
      : {
          ssh_deletekeys: true,
          ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
        }),
    ...(authorizedKeys.length === 0 ? {} : { ssh_authorized_keys: authorizedKeys }),
    ...(script === undefined ? {} : { runcmd: [['su', '-', user, '-s', '/bin/sh', '-c', script]] }),
  }
  return `#cloud-config\n${JSON.stringify(config, null, 2)}\n`
}
