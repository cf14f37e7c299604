import { FilePlus, FolderPlus } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { useRun, useRunParts } from './run-context.ts'

/** The two ways to choose inputs without dropping them. */
export function PickInputs({ look = 'normal' }: { readonly look?: 'normal' | 'quiet' }) {
  const { store, pick } = useRunParts()
  const baseDir = useRun((state) => state.draft.baseDir)
  const choose = async (kind: 'files' | 'folder'): Promise<void> => {
    const paths = await pick({
      kind,
      title: kind === 'files' ? 'Choose a script, data or a sublet.yaml' : 'Choose a folder',
      ...(baseDir === '' ? {} : { defaultPath: baseDir }),
    })
    if (paths !== null && paths.length > 0) await store.takePaths(paths)
  }
  return (
    <>
      <Button
        look={look}
        icon={<FilePlus />}
        aria-label="Choose files"
        onClick={() => void choose('files')}
      >
        {look === 'quiet' ? 'files' : 'Choose files'}
      </Button>
      <Button
        look={look}
        icon={<FolderPlus />}
        aria-label="Choose a folder"
        onClick={() => void choose('folder')}
      >
        {look === 'quiet' ? 'a folder' : 'Choose a folder'}
      </Button>
    </>
  )
}
