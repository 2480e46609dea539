package dev.kcm.testkit.cluster;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Behind {@link KubernetesTest}: makes a cluster when a test first asks for a part of one.
 *
 * <p>Thread-safe: it has no state of its own.
 */
final class KubernetesExtension implements ParameterResolver, AfterEachCallback {

  private static final String SEED = "kcm.test.seed";

  private static final Namespace STORE = Namespace.create(KubernetesExtension.class);

  private static final Map<Class<?>, Function<TestCluster, Object>> PARTS =
      Map.of(
          TestCluster.class, cluster -> cluster,
          ApiClient.class, TestCluster::client,
          Environment.class, TestCluster::environment,
          Faults.class, TestCluster::faults,
          Requests.class, TestCluster::requests,
          MeterRegistry.class, TestCluster::meters,
          KubernetesClient.class, TestCluster::fabric8);

  /** Called by JUnit. */
  KubernetesExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return PARTS.containsKey(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    Running running =
        test.getStore(STORE).getOrComputeIfAbsent(Running.class, key -> begin(test), Running.class);
    Function<TestCluster, Object> part = PARTS.get(parameter.getParameter().getType());
    if (part == null) {
      throw new IllegalStateException("no parameter of a cluster test: " + parameter);
    }
    return part.apply(running.cluster());
  }

  @Override
  public void afterEach(ExtensionContext test) {
    Running running = test.getStore(STORE).remove(Running.class, Running.class);
    if (running == null) {
      return;
    }
    if (test.getExecutionException().isPresent()) {
      test.publishReportEntry(SEED, Long.toString(running.seed()));
      running.cluster().close();
    } else {
      running.end();
    }
  }

  private static Running begin(ExtensionContext test) {
    KubernetesTest wanted =
        AnnotationSupport.findAnnotation(test.getRequiredTestClass(), KubernetesTest.class)
            .orElseThrow(() -> new IllegalStateException("needs @KubernetesTest on the class"));
    long seed = Long.getLong(SEED, test.getUniqueId().hashCode());
    LeakCheck leaks = LeakCheck.begin();
    TestCluster.Builder builder = TestCluster.builder().seed(seed).nodes(wanted.nodes());
    for (var kind : wanted.kinds()) {
      builder.kind(kind);
    }
    if (!wanted.mutationGuard()) {
      builder.unguarded();
    }
    if (wanted.https()) {
      builder.https();
    } else if (wanted.realTime()) {
      builder.realTime();
    }
    return new Running(builder.start(), seed, leaks, wanted.leakCheck());
  }

  /**
   * The cluster of a test.
   *
   * @param cluster what it is given
   * @param seed to be told of when the test fails
   * @param leaks what was there before
   * @param checked whether to look for leaks
   */
  private record Running(TestCluster cluster, long seed, LeakCheck leaks, boolean checked) {

    private void end() {
      try {
        if (checked) {
          cluster.closeAndCheck(leaks);
        } else {
          cluster.verifyCaches();
        }
      } finally {
        cluster.close();
      }
    }
  }
}
