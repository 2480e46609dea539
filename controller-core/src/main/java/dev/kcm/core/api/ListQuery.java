package dev.kcm.core.api;

/**
 * What to list.
 *
 * @param scope which objects
 * @param resourceVersion empty for the most recent, {@code 0} for any, else at least that one
 * @param resourceVersionMatch {@code NotOlderThan}, {@code Exact}, or empty for the server's
 *     default
 * @param limit most items of the page, 0 for all
 * @param continueToken token of an earlier page, empty for the first
 */
public record ListQuery(
    Scope scope,
    String resourceVersion,
    String resourceVersionMatch,
    int limit,
    String continueToken) {

  /** Everything in the scope, most recent, in one page. */
  public static ListQuery all(Scope scope) {
    return new ListQuery(scope, "", "", 0, "");
  }
}
