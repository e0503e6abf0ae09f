import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { examples, type Register } from './command.js';

/** Each asks `agents __complete` what could come next; ":files" in its answer stands for file names. */
const scripts: Record<string, string> = {
  bash: `_agents() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" line typed="\${COMP_LINE:0:COMP_POINT}"
  local -a words
  COMPREPLY=()
  # bash would take "http://host:80" for five words.
  read -ra words <<<"$typed"
  case "$typed" in *[[:space:]]) words+=("") ;; esac
  # Nor does it take "--template=he" for one: it wants what follows its own last word.
  local last="\${words[\${#words[@]}-1]}"
  [ "$cur" = "=" ] && cur=""
  local head=""
  case "$last" in *"$cur") head="\${last%"$cur"}" ;; esac
  while IFS= read -r line; do
    if [ "$line" = ":files" ]; then
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
    else
      line="\${line%%$'\\t'*}"
      line="\${line#"$head"}"
      case "$line" in "$cur"*) COMPREPLY+=("$line") ;; esac
    fi
  done < <(agents __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -o filenames -F _agents agents
`,
  zsh: `#compdef agents
_agents() {
  local line files=0
  local -a found
  for line in "\${(@f)$(agents __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ "$line" == ":files" ]]; then files=1
    elif [[ -n "$line" ]]; then found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done
  (( \${#found} )) && _describe -V agents found
  (( files )) && _files
  return 0
}
if [ "$funcstack[1]" = "_agents" ]; then _agents "$@"; else compdef _agents agents; fi
`,
  fish: `function __agents_complete
  set -l words (commandline -opc)
  for line in (agents __complete -- $words[2..] (commandline -ct) 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c agents -f -a '(__agents_complete)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName agents -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '' }
  agents __complete '--' @words 2>$null | ForEach-Object {
    if ($_ -eq ':files') {
      Get-ChildItem -Path "$wordToComplete*" -Name
    } else {
      $value, $about = $_ -split "\`t", 2
      if ($value -like "$wordToComplete*") {
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', ($about, $value -ne $null -ne '')[0])
      }
    }
  }
}
`,
};

const shells = Object.keys(scripts);

export const register: Register = (command, action) =>
  command
    .argument('<shell>', shells.join(', '))
    .addHelpText(
      'after',
      `
Where it goes:
  bash        eval "$(agents completion bash)"                     in ~/.bashrc
  zsh         eval "$(agents completion zsh)"                      in ~/.zshrc, after compinit
  fish        agents completion fish > ~/.config/fish/completions/agents.fish
  powershell  agents completion powershell | Out-String | Invoke-Expression
${examples('agents completion bash', 'agents completion zsh')}`,
    )
    .action(action(completion));

async function completion({ output }: Context, shell: string): Promise<undefined> {
  const script = scripts[shell];
  if (script === undefined) {
    throw new CliError('usage', `there is no completion for ${shell}`, {
      hint: `shells: ${shells.join(', ')}`,
    });
  }
  output.show({ shell, script }, (value) => value.script);
}
