/** One file of a drop, with its path below what was dropped. */
export interface DroppedFile {
  readonly path: string
  readonly bytes: number
  /** A part of its content. Fails when the file has changed or gone since. */
  readonly slice: (from: number, to: number) => Promise<ArrayBuffer>
}

/** What was dropped on the page, its folders walked through. */
export interface DropSource {
  files(): Promise<readonly DroppedFile[]>
}

/**
 * Reads a drop. Call it in the event itself: the items are gone afterwards. `pathOf` gives the
 * paths where the window knows them; they then need no copy.
 */
export function dropSource(transfer: DataTransfer): DropSource {
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null
    return entry === null ? [] : [entry]
  })
  const plain = [...transfer.files]
  return {
    files: async () =>
      entries.length > 0
        ? (await Promise.all(entries.map((entry) => walk(entry, '')))).flat()
        : plain.map((file) => droppedFile(file, file.name)),
  }
}

/** Folders that hold what a computer can make again, and that nobody means to drop. */
const skipped = new Set([
  '.git',
  '.venv',
  'venv',
  'node_modules',
  '__pycache__',
  '.ipynb_checkpoints',
])

async function walk(entry: FileSystemEntry, folder: string): Promise<DroppedFile[]> {
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    return [droppedFile(file, path)]
  }
  if (!isFolder(entry) || (folder !== '' && skipped.has(entry.name))) return []
  const found: DroppedFile[] = []
  for (const child of await childrenOf(entry)) found.push(...(await walk(child, path)))
  return found
}

/** A reader hands out a hundred at a time, and nothing at the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return all
    all.push(...some)
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

function droppedFile(file: File, path: string): DroppedFile {
  return { path, bytes: file.size, slice: (from, to) => file.slice(from, to).arrayBuffer() }
}
