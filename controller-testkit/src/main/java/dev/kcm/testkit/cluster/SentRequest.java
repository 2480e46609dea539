package dev.kcm.testkit.cluster;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that a client of the cluster sent, as it left the client.
 *
 * @param time when it was sent
 * @param client identity of the client
 * @param verb what was asked for
 * @param group API group, empty for core
 * @param resource plural resource name, with {@code /subresource} where there is one
 * @param key namespace and name; the name is empty for creations, lists and watches
 * @param body the object of a creation or an update, the text of a patch, the options of a
 *     deletion; null for reads. Never changed by the receiver
 */
public record SentRequest(
    Instant time,
    String client,
    Verb verb,
    String group,
    String resource,
    ObjectKey key,
    @Nullable Object body) {

  private static final Set<Verb> READS = Set.of(Verb.GET, Verb.LIST, Verb.WATCH);

  /** Whether it asks for a change. */
  public boolean isWrite() {
    return !READS.contains(verb);
  }

  /** For example {@code UPDATE pods/status default/a}. */
  public String text() {
    return (verb + " " + resource + " " + key).stripTrailing();
  }

  /**
   * A request and how it ended.
   *
   * @param request what was sent
   * @param error why it failed; null when it succeeded
   */
  public record Answered(SentRequest request, @Nullable ApiError error) {}
}
