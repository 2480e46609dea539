package dev.kcm.testkit.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kcm.core.object.ApiError;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of a {@link TestCluster} sent, oldest first, whether or not it reached the
 * server. The newest 100 000 requests are kept.
 *
 * <p>Requests of {@link TestCluster#client()} and of the shortcuts of the cluster are not in it:
 * they are the test's own.
 *
 * <p>Guarded by {@code sent}.
 */
public final class Requests {

  private static final int LIMIT = 100_000;

  @GuardedBy("sent") private final ArrayDeque<SentRequest> sent = new ArrayDeque<>();

  @GuardedBy("sent") private final ArrayDeque<SentRequest.Answered> answered = new ArrayDeque<>();

  Requests() {}

  /** All requests. */
  public List<SentRequest> all() {
    synchronized (sent) {
      return List.copyOf(sent);
    }
  }

  /**
   * The requests of one verb to one resource.
   *
   * @param resource plural resource name, with {@code /subresource} for requests to one
   */
  public List<SentRequest> of(Verb verb, String resource) {
    return all().stream().filter(r -> r.verb() == verb && r.resource().equals(resource)).toList();
  }

  /** The requests that ask for a change. */
  public List<SentRequest> writes() {
    return all().stream().filter(SentRequest::isWrite).toList();
  }

  /** The requests that have an answer, in the order of the answers; watches have one when over. */
  public List<SentRequest.Answered> answered() {
    synchronized (sent) {
      return List.copyOf(answered);
    }
  }

  /** Forgets what was sent so far. */
  public void clear() {
    synchronized (sent) {
      sent.clear();
      answered.clear();
    }
  }

  void add(SentRequest request) {
    synchronized (sent) {
      sent.add(request);
      if (sent.size() > LIMIT) {
        sent.remove();
      }
    }
  }

  void answered(SentRequest request, @Nullable ApiError error) {
    synchronized (sent) {
      answered.add(new SentRequest.Answered(request, error));
      if (answered.size() > LIMIT) {
        answered.remove();
      }
    }
  }

  /** One request a line. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    all().forEach(request -> lines.add(request.text()));
    return String.join("\n", lines);
  }
}
