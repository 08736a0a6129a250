# partywall.bash — completion for bash. It asks the program itself, so it knows what the program knows.

_partywall() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} word
  local -a commands=()
  COMPREPLY=()
  case $previous in
    -c | --config)
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
      ;;
  esac
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* || $word == */* ]] || commands+=("$word")
  done
  # In the help, an option's line starts with two spaces and "-c,--config", a subcommand's with its name.
  mapfile -t COMPREPLY < <(compgen -W "$(
    "${COMP_WORDS[0]}" "${commands[@]}" --help 2>/dev/null |
      sed -n -e 's/^  \(-[^ ]*\).*/\1/p' -e '/^Subcommands:/,$s/^  \([a-z][a-z-]*\).*/\1/p' | tr , ' '
  )" -- "$current")
}
complete -F _partywall partywall
