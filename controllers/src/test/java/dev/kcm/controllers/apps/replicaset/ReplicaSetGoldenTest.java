package dev.kcm.controllers.apps.replicaset;

import static dev.kcm.controllers.apps.replicaset.ReplicaSetKind.KIND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.replicas.ReplicasConfig;
import dev.kcm.controllers.shared.replicas.ReplicasReconciler;
import dev.kcm.controllers.shared.replicas.ReplicasSnapshot;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.PlanText;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Worlds as files, and every turn of the run they lead to as text. */
class ReplicaSetGoldenTest {

  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  @ParameterizedTest
  @ValueSource(strings = {"scale-up-adopting", "scale-down"})
  void decidesAsWrittenDown(String name) {
    List<HasMetadata> world = world(resource(name + ".yaml"));
    VirtualEnvironment environment = VirtualEnvironment.seeded(1);
    List<Pod> pods = world.stream().filter(Pod.class::isInstance).map(Pod.class::cast).toList();
    ReplicasSnapshot snapshot =
        new ReplicasSnapshot(
            KIND.owner((ReplicaSet) world.get(0)), pods, pods, true, ReplicasConfig.defaults());

    Plan plan = new ReplicasReconciler(KIND).decide(snapshot, environment.wallClock().now());
    Rehearsal run = Rehearsal.of(plan, ModelCluster.of(environment, world));

    String text =
        run.turns().stream().map(PlanText::of).collect(Collectors.joining("\n---\n")) + "\n";
    assertThat(text).isEqualTo(resource(name + ".plan.txt"));
  }

  private static List<HasMetadata> world(String yaml) {
    List<HasMetadata> objects = new ArrayList<>();
    for (String document : yaml.split("\n---\n", -1)) {
      objects.add(SERIALIZATION.unmarshal(document));
    }
    return objects;
  }

  private static String resource(String name) {
    try (InputStream in = ReplicaSetGoldenTest.class.getResourceAsStream("golden/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no resource golden/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
