/** Each asks the hidden command for what fits, and hands it to its shell. Nothing that comes back is ever evaluated. */
const BASH = `# bash completion of gmail-events
_gmail_events() {
  local value rest
  COMPREPLY=()
  while IFS=$'\\t' read -r value rest; do
    [[ $value == :files ]] && return
    COMPREPLY+=("$value")
  done < <(command gmail-events __complete --line "\${COMP_LINE:0:COMP_POINT}" --breaks "$COMP_WORDBREAKS" 2>/dev/null)
}
complete -o default -F _gmail_events gmail-events`;

const ZSH = `#compdef gmail-events
# zsh completion of gmail-events
_gmail_events() {
  local -a reply values shown
  local line
  reply=("\${(@f)$(command gmail-events __complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $reply[1] == ':files' ]]; then
    _files
    return
  fi
  for line in $reply; do
    [[ -n $line ]] || continue
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  (( $#values )) && compadd -l -d shown -a values
}
if [[ $funcstack[1] == _gmail_events ]]; then
  _gmail_events "$@"
else
  compdef _gmail_events gmail-events
fi`;

const FISH = `# fish completion of gmail-events
function __gmail_events_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l found (command gmail-events __complete -- $words[2..-1] "$current" 2>/dev/null)
  if test "$found[1]" = ':files'
    __fish_complete_path "$current"
  else
    printf '%s\\n' $found
  end
end
complete -c gmail-events -f -a '(__gmail_events_complete)'`;

const POWERSHELL = `# PowerShell completion of gmail-events
Register-ArgumentCompleter -Native -CommandName gmail-events -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
  $current = $wordToComplete.Trim("'", '"')
  gmail-events __complete "--current=$current" -- @words 2>$null | ForEach-Object {
    $value, $about = $_ -split "\`t", 2
    # PowerShell completes paths by itself where nothing comes.
    if ($value -eq ':files') { return }
    $text = if ($value -match '[^\\w@%+=:,./-]') { "'" + $value.Replace("'", "''") + "'" } else { $value }
    [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $(if ($about) { $about } else { $value }))
  }
}`;

export const SHELL_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL } as const;
export type Shell = keyof typeof SHELL_SCRIPTS;
export const SHELLS = Object.keys(SHELL_SCRIPTS) as Shell[];

export function isShell(name: string): name is Shell {
  return Object.hasOwn(SHELL_SCRIPTS, name);
}
