package dev.kcm.testkit.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a class an API server of its own, in this JVM.
 *
 * <p>A test, or a method that runs before or after it, takes what it needs as parameters: {@link
 * TestCluster}, {@link dev.kcm.core.api.ApiClient}, {@link dev.kcm.core.time.Environment}, {@link
 * Faults}, {@link Requests}, {@link io.micrometer.core.instrument.MeterRegistry}, and with {@link
 * #https()} fabric8's {@link io.fabric8.kubernetes.client.KubernetesClient}.
 *
 * <pre>{@code
 * @KubernetesTest
 * class GreetingTest {
 *   @Test
 *   void greets(TestCluster cluster) {
 *     cluster.start(Greetings.controller());
 *     cluster.create(Greetings.named("hello"));
 *     cluster.run();
 *     assertThat(cluster.find(ConfigMap.class, "default", "hello")).isPresent();
 *   }
 * }
 * }</pre>
 *
 * <p>Time is virtual unless said otherwise: nothing happens but by {@link TestCluster#run()} and
 * {@link TestCluster#advance}, on the thread of the test, in an order that follows from the seed. A
 * failing test reports its seed; {@code -Dkcm.test.seed=} repeats it.
 *
 * <p>When a test has passed, a cached object that somebody changed fails it. Then everything is
 * stopped, and what was left behind fails it: threads, meters, watches, timers.
 */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KubernetesExtension.class)
public @interface KubernetesTest {

  /** Kinds that the server knows besides the built-in ones: classes of custom resources. */
  Class<? extends HasMetadata>[] kinds() default {};

  /** Real clocks and threads. */
  boolean realTime() default false;

  /** The server listens on a port of its own, and clients reach it over HTTPS, in real time. */
  boolean https() default false;

  /** Number of simulated nodes, which run pods. */
  int nodes() default 0;

  /** Whether a test fails that changes an object in a cache. */
  boolean mutationGuard() default true;

  /** Whether a test fails that leaves something behind. */
  boolean leakCheck() default true;
}
