package dev.kcm.testkit.cluster;

/**
 * Entry to assertions on clusters, to be imported beside AssertJ's own.
 *
 * <pre>{@code
 * assertThat(cluster.requests()).sent(1, Verb.CREATE, "pods").wrote("CREATE pods default");
 * }</pre>
 *
 * <p>Immutable.
 */
public final class ClusterAssertions {

  private ClusterAssertions() {}

  /** Assertions on what clients sent. */
  public static RequestsAssert assertThat(Requests requests) {
    return new RequestsAssert(requests);
  }
}
