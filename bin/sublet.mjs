#!/usr/bin/env node
// Plain, old syntax on purpose: whatever Node reads this file must reach the sentence below.
import fs from 'fs'
import path from 'path'
import url from 'url'
import childProcess from 'child_process'
import nodeModule from 'module'

var here = path.dirname(url.fileURLToPath(import.meta.url))
var root = path.resolve(here, '..')

function isNewEnough(version) {
  var parts = version.replace(/^v/, '').split('.')
  var major = Number(parts[0])
  return major > 24 || (major === 24 && Number(parts[1]) >= 4)
}

// A clone keeps Node in its own node_modules; an installed package finds it beside itself.
function pinnedNode() {
  var name = process.platform === 'win32' ? 'node.exe' : 'node'
  var places = [
    path.join(root, 'node_modules', 'node', 'bin', name),
    path.resolve(root, '..', 'node', 'bin', name),
  ]
  for (var index = 0; index < places.length; index += 1) {
    if (fs.existsSync(places[index])) return places[index]
  }
  return undefined
}

function entry() {
  var source = path.join(root, 'main', 'cli.ts')
  // Node refuses to strip types from files below a node_modules folder.
  var inPackage = root.split(path.sep).indexOf('node_modules') !== -1
  return fs.existsSync(source) && !inPackage ? source : path.join(root, 'out', 'main', 'cli.js')
}

function hand(node) {
  var child = childProcess.spawn(
    node,
    [url.fileURLToPath(import.meta.url)].concat(process.argv.slice(2)),
    {
      stdio: 'inherit',
    },
  )
  var signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  signals.forEach(function (signal) {
    process.on(signal, function () {
      // A terminal sends Ctrl-C to the child as well; sent twice it would mean "leave running".
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    })
  })
  child.on('error', function (error) {
    process.stderr.write(
      'sublet: Node at ' +
        node +
        ' does not start (' +
        error.message +
        '): run "npm ci" in ' +
        root +
        '.\n',
    )
    process.exitCode = 124
  })
  child.on('exit', function (code, signal) {
    if (signal === null) {
      process.exitCode = code
    } else {
      signals.forEach(function (name) {
        process.removeAllListeners(name)
      })
      process.kill(process.pid, signal)
    }
  })
}

if (isNewEnough(process.versions.node)) {
  // Half of a short command's time is compiling; where the folder is not writable it is done anew.
  if (typeof nodeModule.enableCompileCache === 'function') {
    nodeModule.enableCompileCache(path.join(root, 'node_modules', '.cache', 'sublet'))
  }
  process.argv[1] = entry()
  import(url.pathToFileURL(entry()).href).catch(function (error) {
    process.stderr.write(
      'sublet: Sublet is not installed completely (' +
        String(error.message).split('\n')[0] +
        '): run "npm ci" in ' +
        root +
        '.\n',
    )
    process.exitCode = 124
  })
} else {
  var node = pinnedNode()
  // The same Node again would only start itself for ever.
  if (node === undefined || fs.realpathSync(node) === fs.realpathSync(process.execPath)) {
    process.stderr.write(
      'sublet: Sublet needs Node 24.4 or newer and this is Node ' +
        process.versions.node +
        ': run "npm ci" in ' +
        root +
        ', which brings its own Node along.\n',
    )
    process.exitCode = 124
  } else {
    hand(node)
  }
}
