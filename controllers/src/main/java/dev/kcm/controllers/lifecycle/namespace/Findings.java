package dev.kcm.controllers.lifecycle.namespace;

import dev.kcm.controllers.shared.objects.ErrorText;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.object.ServedResources;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a namespace has found out so far.
 *
 * @param discovery what keeps the list of resources from being complete, as the condition tells it;
 *     null when it is complete
 * @param errors everything that went wrong, in the order it did
 * @param unreadable names of group versions that are none
 * @param contentErrors those of {@code errors} that are about deleting
 * @param remaining number of objects left, by {@code plural.group}
 * @param finalizers number of objects that are held, by finalizer
 * @param estimateSeconds when the rest may be gone; 0 when that is not known
 */
record Findings(
    @Nullable String discovery,
    List<String> errors,
    List<String> unreadable,
    List<String> contentErrors,
    Map<String, Integer> remaining,
    Map<String, Integer> finalizers,
    long estimateSeconds) {

  /** How long upstream waits for the owners of finalizers. */
  static final long FINALIZER_SECONDS = 15;

  Findings {
    errors = List.copyOf(errors);
    unreadable = List.copyOf(unreadable);
    contentErrors = List.copyOf(contentErrors);
    remaining = Map.copyOf(remaining);
    finalizers = Map.copyOf(finalizers);
  }

  /** Before the first deletion: what discovery says of itself. */
  static Findings of(ServedResources served) {
    List<String> errors = new ArrayList<>();
    String discovery = null;
    if (!served.failures().isEmpty()) {
      errors.add(served.failureText());
      discovery =
          "Discovery failed for some groups, %d failing: %s"
              .formatted(served.failures().size(), served.failureText());
    }
    errors.addAll(served.unreadable());
    return new Findings(discovery, errors, served.unreadable(), List.of(), Map.of(), Map.of(), 0);
  }

  /** Nothing could be found out about resources. */
  static Findings withoutResources(String error) {
    return new Findings(error, List.of(error), List.of(), List.of(), Map.of(), Map.of(), 0);
  }

  /** The same, with something that went wrong while deleting. */
  Findings failing(String error) {
    return new Findings(
        discovery,
        plus(errors, error),
        unreadable,
        plus(contentErrors, error),
        remaining,
        finalizers,
        estimateSeconds);
  }

  /**
   * The same, with what is left of a resource.
   *
   * @param items not empty
   * @param graceSeconds how long they may take to end by themselves; 0 when they should be gone
   */
  Findings left(
      String namespace,
      ResourceType<?> type,
      List<? extends HasMetadata> items,
      long graceSeconds) {
    Map<String, Integer> held = new TreeMap<>(finalizers);
    boolean anyHeld = false;
    for (HasMetadata item : items) {
      for (String finalizer : item.getMetadata().getFinalizers()) {
        held.merge(finalizer, 1, Integer::sum);
        anyHeld = true;
      }
    }
    Map<String, Integer> left = new TreeMap<>(remaining);
    left.put(type.plural() + "." + type.group(), items.size());
    long estimate = graceSeconds == 0 && anyHeld ? FINALIZER_SECONDS : graceSeconds;
    Findings counted =
        new Findings(
            discovery,
            errors,
            unreadable,
            contentErrors,
            left,
            held,
            Math.max(estimateSeconds, estimate));
    return estimate > 0 ? counted : counted.failing(unexpected(namespace, type));
  }

  boolean hasFailed() {
    return !errors.isEmpty();
  }

  /** All errors as one text. */
  String errorText() {
    return ErrorText.joined(errors);
  }

  private static String unexpected(String namespace, ResourceType<?> type) {
    return "unexpected items still remain in namespace: %s for gvr: %s/%s, Resource=%s"
        .formatted(namespace, type.group(), type.version(), type.plural());
  }

  private static List<String> plus(List<String> texts, String text) {
    List<String> more = new ArrayList<>(texts);
    more.add(text);
    return more;
  }
}
