export function claimLapsedEn({ home }: { readonly home: string }): string {
  return `Stillwater: no answer yet about ${home}, so others are asked now. Please say what you found.`;
}
