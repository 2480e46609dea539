package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.network.endpoints.EndpointsConfig;
import dev.kcm.controllers.network.endpoints.EndpointsController;
import dev.kcm.controllers.network.endpointslice.EndpointSliceConfig;
import dev.kcm.controllers.network.endpointslice.EndpointSliceController;
import dev.kcm.controllers.network.endpointslicemirroring.MirroringConfig;
import dev.kcm.controllers.network.endpointslicemirroring.MirroringController;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Keys that fail and fail again, on virtual time. */
class RetryCapsTest {

  private final TestCluster cluster = TestCluster.builder().start();

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  @DisplayName("endpoints: 15 retries, then dropped until the next event")
  void endpointsAreTriedSixteenTimes() {
    checkCap(EndpointsController.spec(EndpointsConfig.defaults()), "endpoints", true);
  }

  @Test
  @DisplayName("endpointslice: 15 retries, then dropped until the next event")
  void slicesAreTriedSixteenTimes() {
    checkCap(EndpointSliceController.spec(EndpointSliceConfig.defaults()), "endpointslices", true);
  }

  @Test
  @DisplayName("endpointslice mirroring: 15 retries, then dropped until the next event")
  void mirroredSlicesAreTriedSixteenTimes() {
    cluster.create(
        new EndpointsBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName("till")
            .endMetadata()
            .addNewSubset()
            .addNewAddress()
            .withIp("10.0.0.1")
            .endAddress()
            .addNewPort()
            .withPort(80)
            .endPort()
            .endSubset()
            .build());
    checkCap(MirroringController.spec(MirroringConfig.defaults()), "endpointslices", false);
  }

  private void checkCap(ControllerSpec controller, String writes, boolean selects) {
    cluster.faults().on(Verb.CREATE, writes).everyCall().status(500, "InternalError");
    cluster.start(controller);
    cluster.create(service(selects));
    cluster.advance(Duration.ofHours(6));
    assertThat(cluster.requests().of(Verb.CREATE, writes)).hasSize(16);

    cluster.faults().clear();
    if (selects) {
      cluster.edit(Service.class, "default", "till", RetryCapsTest::relabelled);
    } else {
      cluster.edit(Endpoints.class, "default", "till", RetryCapsTest::relabelled);
    }
    cluster.advance(Duration.ofMinutes(1));
    assertThat(cluster.requests().of(Verb.CREATE, writes)).hasSize(17);
  }

  private static <T extends HasMetadata> T relabelled(T object) {
    object.getMetadata().setLabels(Map.of("seen", "again"));
    return object;
  }

  private static Service service(boolean selects) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("till")
        .endMetadata()
        .withNewSpec()
        .withSelector(selects ? Map.of("app", "till") : null)
        .addNewPort()
        .withPort(80)
        .endPort()
        .endSpec()
        .build();
  }
}
