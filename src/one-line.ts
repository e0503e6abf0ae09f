// Text from elsewhere that is to be one line of something. A leaf.

/**
 * Folded: a line of its own in the log of a CI job can be taken for a command to it. Azure's runner and GitHub's take
 * `##[…]` and `##vso[…]` for one wherever it stands in a line (actions/runner, ActionCommand.TryParse), so that is parted.
 */
export const oneLine = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/##(?=(?:vso)?\[)/gi, '# #');
