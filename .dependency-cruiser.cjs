/**
 * Imports point one way (docs/ARCHITECTURE.md). Each layer names what it may import; everything
 * else in this repository is forbidden to it. tests/unit/architecture.test.ts plants a forbidden
 * import and sees it caught.
 */
const layer = (name, path, allowed) => ({
  name,
  severity: 'error',
  from: { path },
  to: { path: '^(main|preload|renderer|sandbox-cloud|tests)/', pathNot: [path, ...allowed] },
})

const contract = '^preload/contract/'
const domain = '^main/domain/'
const ports = ['^main/machine/machine\\.ts$', '^main/providers/provider\\.ts$']

module.exports = {
  forbidden: [
    layer('contract-imports-nothing', contract, []),
    layer('domain-imports-contract', domain, [contract]),
    layer('store-imports-domain', '^main/store/', [
      contract,
      domain,
      '^main/secrets/vault\\.ts$',
      '^main/settings/settings\\.ts$',
    ]),
    layer('secrets-import-domain', '^main/secrets/', [contract, domain]),
    layer('settings-import-domain', '^main/settings/', [contract, domain]),
    layer('logging-imports-domain', '^main/logging/', [contract, domain]),
    layer('machine-imports-domain', '^main/machine/', [contract, domain, ...ports]),
    layer('transfer-imports-domain', '^main/transfer/', [contract, domain, ...ports]),
    layer('bucket-imports-domain', '^main/bucket/', [contract, domain]),
    layer('providers-import-domain', '^main/providers/', [contract, domain, ...ports]),
    layer('ledger-imports-domain-and-store', '^main/ledger/', [contract, domain, '^main/store/']),
    layer('rpc-imports-domain', '^main/rpc/', [contract, domain]),
    layer('rpc-client-imports-domain', '^main/rpc/client/', [contract, domain]),
    layer('jobs-import-what-is-below', '^main/jobs/', [
      contract,
      domain,
      '^main/(store|secrets|logging|machine|transfer|bucket|providers|ledger|settings)/',
    ]),
    layer('engine-imports-all-below', '^main/engine(/|\\.ts$)', [
      contract,
      domain,
      '^main/(store|secrets|settings|logging|machine|transfer|bucket|providers|ledger|jobs|rpc)/',
    ]),
    layer('cli-is-a-thin-host', '^main/cli(/|\\.ts$)', [
      contract,
      domain,
      '^main/rpc/',
      '^main/engine/(connect|home|version|package-root)\\.ts$',
      '^main/jobs/job-file/',
      '^main/serve\\.ts$',
    ]),
    layer('serve-is-a-thin-host', '^main/serve(/|\\.ts$)', [
      contract,
      domain,
      '^main/rpc/',
      '^main/engine/(connect|home|version|package-root|relay-renderer)\\.ts$',
    ]),
    layer('start-is-a-thin-host', '^main/start(/|\\.ts$)', [
      contract,
      domain,
      '^main/engine/(home|version|package-root)\\.ts$',
      '^main/serve(/app-build\\.ts|/open-browser\\.ts|\\.ts)$',
      '^main/cli/process-io\\.ts$',
    ]),
    layer('desktop-is-a-thin-host', '^main/(desktop/|index\\.ts$)', [
      contract,
      domain,
      '^preload/(channels|api)\\.ts$',
      '^main/rpc/',
      '^main/engine/(connect|home|version|package-root|start-engine|relay-renderer)\\.ts$',
      '^main/serve/static-files\\.ts$',
    ]),
    layer('renderer-imports-what-is-pure', '^renderer/', [
      contract,
      '^preload/api\\.ts$',
      domain,
      '^main/rpc/client/',
    ]),
    layer('preload-imports-contract', '^preload/[^/]+\\.ts$', [contract]),
    layer('sandbox-cloud-stands-alone', '^sandbox-cloud/', []),
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: domain },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'rpc-client-is-pure',
      severity: 'error',
      from: { path: '^main/rpc/client/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'contract-is-pure',
      severity: 'error',
      from: { path: contract },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-the-desktop-imports-electron',
      severity: 'error',
      from: { path: '^(main|renderer|sandbox-cloud)/', pathNot: '^main/(desktop/|index\\.ts$)' },
      to: { path: '(^|/)electron(/|$)' },
    },
    {
      name: 'preload-imports-names-and-types',
      severity: 'error',
      from: { path: '^preload/[^/]+\\.ts$' },
      to: { path: '^(main|renderer|preload/contract)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|node_modules)/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
}
