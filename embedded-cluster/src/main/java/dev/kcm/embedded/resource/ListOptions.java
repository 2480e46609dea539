package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a list or watch.
 *
 * @param labels label selector
 * @param fields field selector
 * @param version the asked revision, 0 for any, -1 when none was given
 * @param match {@code Exact}, {@code NotOlderThan}, or empty
 * @param limit items per page, 0 for all
 * @param continueToken where to go on, empty for the start
 * @param timeoutSeconds when to end a watch, 0 for the server's choice
 * @param bookmarks whether the watch may get bookmarks
 * @param initialEvents whether the watch starts with the current state; null when not said
 */
record ListOptions(
    LabelSelector labels,
    FieldSelector fields,
    long version,
    String match,
    long limit,
    String continueToken,
    long timeoutSeconds,
    boolean bookmarks,
    @Nullable Boolean initialEvents) {

  private static final String MATCH = "resourceVersionMatch";
  private static final String INITIAL = "sendInitialEvents";
  private static final String EXACT = "Exact";
  private static final String NOT_OLDER = "NotOlderThan";

  /** Reads and checks the parameters of a list. */
  static ListOptions forList(ApiRequest request, Kind kind) {
    ListOptions options = of(request, kind);
    FieldErrors errors = new FieldErrors();
    boolean hasVersion = !request.parameter("resourceVersion").isEmpty();
    if (!options.match.isEmpty()) {
      options.checkListMatch(hasVersion, errors);
    }
    if (options.initialEvents != null) {
      errors.forbidden(INITIAL, INITIAL + " is forbidden for list");
    }
    WriteOptions.refuse(errors, "ListOptions");
    if (!options.continueToken.isEmpty() && options.version > 0) {
      throw Statuses.badRequest("specifying resource version is not allowed when using continue");
    }
    return options;
  }

  private void checkListMatch(boolean hasVersion, FieldErrors errors) {
    if (!hasVersion) {
      errors.forbidden(MATCH, MATCH + " is forbidden unless resourceVersion is provided");
    }
    if (!continueToken.isEmpty()) {
      errors.forbidden(MATCH, MATCH + " is forbidden with continue");
    }
    if (!match.equals(EXACT) && !match.equals(NOT_OLDER)) {
      errors.notSupported(MATCH, TextNode.valueOf(match), List.of(EXACT, NOT_OLDER, ""));
    }
    if (match.equals(EXACT) && version == 0) {
      errors.forbidden(MATCH, MATCH + " \"exact\" is forbidden for resourceVersion \"0\"");
    }
  }

  /** Reads and checks the parameters of a watch. */
  static ListOptions forWatch(ApiRequest request, Kind kind) {
    ListOptions options = of(request, kind);
    FieldErrors errors = new FieldErrors();
    if (options.initialEvents != null && !options.match.equals(NOT_OLDER)) {
      errors.forbidden(MATCH, INITIAL + " requires setting " + MATCH + " to " + NOT_OLDER);
    }
    if (!options.match.isEmpty()) {
      options.checkWatchMatch(errors);
    }
    WriteOptions.refuse(errors, "ListOptions");
    return options;
  }

  private void checkWatchMatch(FieldErrors errors) {
    if (initialEvents == null) {
      errors.forbidden(MATCH, MATCH + " is forbidden for watch unless " + INITIAL + " is provided");
    }
    if (!match.equals(NOT_OLDER)) {
      errors.notSupported(MATCH, TextNode.valueOf(match), List.of(NOT_OLDER));
    }
    if (!continueToken.isEmpty()) {
      errors.forbidden(MATCH, MATCH + " is forbidden with continue");
    }
  }

  private static ListOptions of(ApiRequest request, Kind kind) {
    String initial = request.parameter(INITIAL);
    long limit = QueryNumbers.int64(request.parameter("limit"));
    return new ListOptions(
        labels(request),
        fields(request, kind),
        version(request, kind),
        request.parameter(MATCH),
        Math.max(limit, 0),
        request.parameter("continue"),
        Math.max(QueryNumbers.int64(request.parameter("timeoutSeconds")), 0),
        QueryNumbers.isTrue(request.parameter("allowWatchBookmarks")),
        initial.isEmpty() ? null : Boolean.valueOf(QueryNumbers.isTrue(initial)));
  }

  private static LabelSelector labels(ApiRequest request) {
    try {
      return LabelSelector.parse(request.parameter("labelSelector"));
    } catch (IllegalArgumentException e) {
      throw Statuses.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static FieldSelector fields(ApiRequest request, Kind kind) {
    try {
      return FieldSelector.parse(request.parameter("fieldSelector"), kind);
    } catch (IllegalArgumentException e) {
      throw Statuses.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static long version(ApiRequest request, Kind kind) {
    String text = request.parameter("resourceVersion");
    if (text.isEmpty()) {
      return -1;
    }
    if (!text.matches("[0-9]{1,18}")) {
      FieldErrors errors = new FieldErrors();
      errors.invalid(
          "resourceVersion", text, "strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
      throw Statuses.invalid(kind.group(), kind.plural(), "", errors);
    }
    return Long.parseLong(text);
  }

  /** Whether the list is wanted at exactly the revision. */
  boolean exact() {
    return match.equals(EXACT) || (version > 0 && match.isEmpty() && limit > 0);
  }

  boolean hasSelectors() {
    return !labels.isEmpty() || !fields.isEmpty();
  }

  /** Whether both selectors choose the object. */
  boolean matches(JsonNode object) {
    return (labels.isEmpty() || labels.matches(Meta.labels(object)))
        && (fields.isEmpty() || fields.matches(object));
  }
}
