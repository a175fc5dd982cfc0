/**
 * The completion script of bash. The library's own hands the typed words to `eval`, which would run what a person has
 * only begun to type; here they are passed on as they are. It needs no package beside bash.
 */
export const BASH_COMPLETION = String.raw`# bash completion for damson
_damson_completion() {
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}") line
  COMPREPLY=()
  while IFS= read -r line; do
    [[ $line == :* ]] && continue
    line=\${line%%$'\t'*}
    [[ $line == "\${COMP_WORDS[COMP_CWORD]}"* ]] || continue
    [[ $line == */ ]] && compopt -o nospace
    COMPREPLY+=("$(printf '%q' "$line")")
  done < <(damson complete -- "\${words[@]}" 2>/dev/null)
}
complete -F _damson_completion damson
`.replaceAll("\\${", "${");
