/**
 * What a shell runs when Tab is pressed: each asks `overspan complete -- WORDS…` and shows what it says. A line of the answer
 * is a word, a tab and what it is for; or `:files` or `:directories`, which the shell itself knows best.
 */

const bash = `# Completion of overspan for bash. In ~/.bashrc: source <(overspan completion bash)
_overspan() {
  local current=\${COMP_WORDS[COMP_CWORD]} line path tab=$'\\t'
  COMPREPLY=()
  [[ $current == '=' ]] && current=
  while IFS= read -r line; do
    case $line in
      :files | :directories)
        compopt -o filenames 2> /dev/null
        while IFS= read -r path; do
          COMPREPLY+=("$path")
        done < <(compgen "-\${line:1:1}" -- "$current")
        ;;
      *) COMPREPLY+=("\${line%%"$tab"*}") ;;
    esac
  done < <(overspan complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
}
complete -F _overspan overspan
`;

const zsh = `#compdef overspan
# Completion of overspan for zsh. In ~/.zshrc, after compinit: source <(overspan completion zsh)
_overspan() {
  local line tab=$'\\t'
  local -a candidates
  for line in "\${(@f)$(overspan complete -- "\${(@)words[2,CURRENT]}" 2> /dev/null)}"; do
    case $line in
      '') ;;
      :*)
        if [[ $PREFIX == --*=* ]]; then compset -P '*='; fi
        if [[ $line == :files ]]; then _files; else _files -/; fi
        ;;
      *)
        line=\${line//:/\\\\:}
        candidates+=("\${line/$tab/:}")
        ;;
    esac
  done
  if (( \${#candidates} )); then _describe overspan candidates; fi
}
if [[ \${funcstack[1]} == _overspan ]]; then
  _overspan
else
  compdef _overspan overspan
fi
`;

const fish = `# Completion of overspan for fish: overspan completion fish > ~/.config/fish/completions/overspan.fish
function __overspan_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    for line in (overspan complete -- $words "$current" 2> /dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :directories
                __fish_complete_directories "$current"
            case '*'
                echo $line
        end
    end
end
complete -c overspan -f -a '(__overspan_complete)'
`;

/** The script of each shell. */
export const completionScripts = { bash, zsh, fish } as const;

/** A shell that there is a script for. */
export type Shell = keyof typeof completionScripts;
