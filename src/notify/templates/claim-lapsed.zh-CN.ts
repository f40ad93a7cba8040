export function claimLapsedZh({ home }: { readonly home: string }): string {
  return `【静水】${home}：您表示前往后尚未反馈，现已另请他人。请尽快反馈核实结果。`;
}
