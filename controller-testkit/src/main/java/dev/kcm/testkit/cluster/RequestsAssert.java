package dev.kcm.testkit.cluster;

import dev.kcm.core.access.Access;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on what was sent.
 *
 * <p>Confined to the thread of the test.
 */
public final class RequestsAssert extends AbstractAssert<RequestsAssert, Requests> {

  RequestsAssert(Requests actual) {
    super(actual, RequestsAssert.class);
  }

  /**
   * Exactly this many requests of a verb went to a resource.
   *
   * @param resource plural resource name, with {@code /subresource} for requests to one
   */
  public RequestsAssert sent(int count, Verb verb, String resource) {
    int found = actual.of(verb, resource).size();
    if (found != count) {
      failWithMessage(
          "expected %d times %s %s, but there were %d; sent was:%n%s",
          count, verb, resource, found, actual);
    }
    return this;
  }

  /** No request asked for a change. */
  public RequestsAssert wroteNothing() {
    if (!actual.writes().isEmpty()) {
      failWithMessage("expected no writes, but there were:%n%s", text(actual.writes()));
    }
    return this;
  }

  /**
   * The writes were exactly these, in this order.
   *
   * @param writes for example {@code CREATE configmaps default}, {@code DELETE pods default/a}
   */
  public RequestsAssert wrote(String... writes) {
    List<String> found = actual.writes().stream().map(SentRequest::text).toList();
    if (!found.equals(List.of(writes))) {
      failWithMessage(
          "expected the writes%n%s%nbut there were%n%s",
          String.join("\n", writes), String.join("\n", found));
    }
    return this;
  }

  /**
   * No request asked for more than is declared, for example by {@code ControllerSpec.access()} or
   * {@code operator.roles(namespace).accesses()}. Whether a list or watch selects the one name it
   * may, is not told: any may.
   */
  public RequestsAssert stayedWithin(Collection<Access> declared) {
    List<SentRequest> beyond =
        actual.all().stream()
            .filter(request -> declared.stream().noneMatch(access -> covers(access, request)))
            .toList();
    if (!beyond.isEmpty()) {
      failWithMessage("expected only declared requests, but there were:%n%s", text(beyond));
    }
    return this;
  }

  private static boolean covers(Access access, SentRequest request) {
    return access.covers(request.verb().text(), request.group(), request.resource(), request.key());
  }

  private static String text(List<SentRequest> requests) {
    List<String> lines = new ArrayList<>();
    requests.forEach(request -> lines.add(request.text()));
    return String.join("\n", lines);
  }
}
