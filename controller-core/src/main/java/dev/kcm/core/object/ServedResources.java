package dev.kcm.core.object;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The resources a server says it has, each once: in the version the server prefers among those that
 * have it.
 *
 * @param resources without subresources, in the order of the server
 * @param failures what is known to be missing: error text by group version, for example since the
 *     server behind an aggregated API is down; empty when the answer is complete
 * @param unreadable group versions whose names cannot be understood, with what is wrong
 */
public record ServedResources(
    List<Served> resources, SortedMap<String, String> failures, List<String> unreadable) {

  public ServedResources {
    resources = List.copyOf(resources);
    failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
    unreadable = List.copyOf(unreadable);
  }

  /**
   * One resource.
   *
   * @param type its type
   * @param verbs what it can be asked to do, for example {@code deletecollection}
   */
  public record Served(ResourceType<GenericKubernetesResource> type, Set<String> verbs) {

    public Served {
      verbs = Set.copyOf(verbs);
    }

    /** Whether it can be asked to do this. */
    public boolean can(String verb) {
      return verbs.contains(verb);
    }
  }

  /** Whether everything the server has is in here. */
  public boolean isComplete() {
    return failures.isEmpty() && unreadable.isEmpty();
  }

  /** All failures as one text; empty when there are none. */
  public String failureText() {
    return failures.isEmpty()
        ? ""
        : failures.entrySet().stream()
            .map(failure -> failure.getKey() + ": " + failure.getValue())
            .collect(
                Collectors.joining(
                    ", ", "unable to retrieve the complete list of server APIs: ", ""));
  }
}
