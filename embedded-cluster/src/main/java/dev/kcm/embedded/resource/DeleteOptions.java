package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to delete.
 *
 * @param gracePeriodSeconds wanted grace, null for the object's own
 * @param uid the UID the object must have, empty for any
 * @param resourceVersion the version the object must have, empty for any
 * @param propagation {@code Orphan}, {@code Foreground}, {@code Background}, empty for the default
 * @param legacyKeepsDependents the old way to say it: false answers 202 while the object survives
 * @param dryRun decide and answer, but change nothing
 */
record DeleteOptions(
    @Nullable Long gracePeriodSeconds,
    String uid,
    String resourceVersion,
    String propagation,
    Optional<Boolean> legacyKeepsDependents,
    boolean dryRun) {

  /** The server's own deletions: at once, whatever they are. */
  static final DeleteOptions PLAIN = new DeleteOptions(null, "", "", "", Optional.empty(), false);

  private static final String POLICY = "propagationPolicy";
  private static final List<String> POLICIES = List.of("Foreground", "Background", "Orphan");

  /** Reads and checks the options of a request; those in the body win over the query. */
  static DeleteOptions of(ApiRequest request, Decoder decoder) {
    ObjectNode options = fromQuery(request);
    JsonNode body = request.body();
    if (body != null && !body.isMissingNode() && !body.isNull()) {
      options = decoder.decodeDeleteOptions(body);
    }
    return of(options);
  }

  /** Checks decoded options. */
  static DeleteOptions of(JsonNode options) {
    FieldErrors errors = new FieldErrors();
    String propagation = options.path(POLICY).asText("");
    Optional<Boolean> keeps =
        options.path("orphanDependents").isBoolean()
            ? Optional.of(options.path("orphanDependents").asBoolean())
            : Optional.empty();
    if (!propagation.isEmpty() && !POLICIES.contains(propagation)) {
      errors.notSupported(
          POLICY,
          TextNode.valueOf(propagation),
          List.of("Foreground", "Background", "Orphan", "nil"));
    } else if (!propagation.isEmpty() && keeps.isPresent()) {
      errors.invalid(
          POLICY, propagation, "orphanDependents and deletionPropagation cannot be both set");
    }
    List<String> dryRun = Trees.textList(options.path("dryRun"));
    WriteOptions.checkDryRun(dryRun, errors);
    WriteOptions.refuse(errors, "DeleteOptions");
    JsonNode grace = options.path("gracePeriodSeconds");
    return new DeleteOptions(
        grace.isNumber() ? Long.valueOf(grace.asLong()) : null,
        options.path("preconditions").path("uid").asText(""),
        options.path("preconditions").path("resourceVersion").asText(""),
        keeps.isPresent() ? (keeps.get() ? "Orphan" : "Background") : propagation,
        keeps,
        !dryRun.isEmpty());
  }

  private static ObjectNode fromQuery(ApiRequest request) {
    ObjectNode options = Trees.object();
    String grace = request.parameter("gracePeriodSeconds");
    if (!grace.isEmpty()) {
      options.put("gracePeriodSeconds", QueryNumbers.int64(grace));
    }
    String orphan = request.parameter("orphanDependents");
    if (!orphan.isEmpty()) {
      options.put("orphanDependents", QueryNumbers.isTrue(orphan));
    }
    if (!request.parameter(POLICY).isEmpty()) {
      options.put(POLICY, request.parameter(POLICY));
    }
    options.set("dryRun", Trees.arrayOf(request.query().getOrDefault("dryRun", List.of())));
    return options;
  }
}
