import type { Command } from 'commander'
import { SubletError } from '../../domain/errors.ts'
import { type CliContext, say } from '../context.ts'

/** `sublet completion`: a script for the shell, made from the commands themselves. */
export function addCompletion(program: Command, context: CliContext): void {
  program
    .command('completion')
    .description('print a completion script for your shell')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText(
      'after',
      '\nExamples:\n  source <(sublet completion bash)\n  sublet completion fish > ~/.config/fish/completions/sublet.fish',
    )
    .action((shell: string) => {
      if (shell === 'bash') say(context, bashScript(program))
      else if (shell === 'zsh')
        say(context, `autoload -U +X bashcompinit && bashcompinit\n${bashScript(program)}`)
      else if (shell === 'fish') say(context, fishScript(program))
      else
        throw new SubletError(
          'invalid',
          `There is no completion for "${shell}": say bash, zsh or fish.`,
        )
    })
}

function bashScript(program: Command): string {
  const cases = program.commands.map(
    (command) => `    ${command.name()}) words="${wordsOf(command).join(' ')}" ;;`,
  )
  return `_sublet() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${program.commands.map((one) => one.name()).join(' ')}"; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _sublet sublet`
}

function fishScript(program: Command): string {
  return program.commands
    .flatMap((command) => [
      `complete -c sublet -n __fish_use_subcommand -a ${command.name()} -d '${command.description().replaceAll("'", '')}'`,
      ...wordsOf(command).map((word) =>
        word.startsWith('--')
          ? `complete -c sublet -n '__fish_seen_subcommand_from ${command.name()}' -l ${word.slice(2)}`
          : `complete -c sublet -n '__fish_seen_subcommand_from ${command.name()}' -a ${word}`,
      ),
    ])
    .join('\n')
}

function wordsOf(command: Command): readonly string[] {
  return [
    ...command.commands.map((one) => one.name()),
    ...command.options.flatMap((option) => option.long ?? []),
  ]
}
