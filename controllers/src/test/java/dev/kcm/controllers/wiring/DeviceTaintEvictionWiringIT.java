package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ResourceType;
import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.Statuses;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceAttributeBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaimBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSliceBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Device taint eviction on real threads against the embedded API server. */
class DeviceTaintEvictionWiringIT {

  private static final String DRIVER = "gpu.example.com";
  private static final ResourceType<ResourceClaim> CLAIMS = ResourceType.of(ResourceClaim.class);
  private static final ResourceType<ResourceSlice> SLICES = ResourceType.of(ResourceSlice.class);
  private static final ResourceType<GenericKubernetesResource> RULES =
      ResourceType.generic(
          "resource.k8s.io", "v1alpha3", "DeviceTaintRule", "devicetaintrules", false);

  private final RunningManager manager =
      RunningManager.of(CatalogConfig.defaults(), "device-taint-eviction-controller");

  @BeforeEach
  void createDevices() {
    manager.create(
        SLICES,
        new ResourceSliceBuilder()
            .withNewMetadata()
            .withName("slice")
            .endMetadata()
            .withNewSpec()
            .withDriver(DRIVER)
            .withNodeName("n")
            .withNewPool(1L, "n", 1L)
            .withDevices(
                new DeviceBuilder()
                    .withName("old")
                    .addToAttributes("model", new DeviceAttributeBuilder().withInt(1L).build())
                    .build(),
                new DeviceBuilder()
                    .withName("new")
                    .addToAttributes("model", new DeviceAttributeBuilder().withInt(2L).build())
                    .build())
            .endSpec()
            .build());
    usePod("uses-old", "old", null);
    usePod("uses-old-for-a-while", "old", 300L);
    usePod("uses-new", "new", null);
  }

  @AfterEach
  void stop() {
    manager.close();
  }

  @Test
  void aTaintInTheSliceSendsTheUsersOfTheDeviceAway() {
    manager
        .faults
        .on(ApiRequest.Verb.DELETE, "pods")
        .call(1)
        .fail(() -> Statuses.serviceUnavailable("not now"));
    manager.merge(
        SLICES,
        "",
        "slice",
        "{\"spec\":{\"devices\":[{\"name\":\"old\",\"taints\":[{\"key\":\"k\",\"effect\":"
            + "\"NoExecute\"}]},{\"name\":\"new\"}]}}");
    await().until(() -> goes("uses-old"));
    await().until(() -> messages().contains("Marking for deletion"));
    assertThat(goes("uses-old-for-a-while")).isFalse();
    assertThat(goes("uses-new")).isFalse();
  }

  @Test
  void aRuleThatSelectsByAnExpressionSendsTheUsersOfTheDevicesAway() {
    GenericKubernetesResource rule = new GenericKubernetesResource();
    rule.setApiVersion("resource.k8s.io/v1alpha3");
    rule.setKind("DeviceTaintRule");
    rule.setMetadata(new ObjectMetaBuilder().withName("recall").build());
    rule.setAdditionalProperty(
        "spec",
        Map.of(
            "deviceSelector",
            Map.of(
                "driver",
                DRIVER,
                "selectors",
                List.of(
                    Map.of(
                        "cel",
                        Map.of("expression", "device.attributes['gpu.example.com'].model < 2")))),
            "taint",
            Map.of("key", "recalled", "effect", "NoExecute")));
    manager.create(RULES, rule);
    await().until(() -> goes("uses-old") && goes("uses-old-for-a-while"));
    assertThat(goes("uses-new")).isFalse();
    assertThat(
            manager
                .get(PodStates.TYPE, "default", "uses-old")
                .map(pod -> pod.getStatus().getConditions())
                .orElse(List.of()))
        .allMatch(c -> "DeletionByDeviceTaintManager".equals(c.getReason()));

    manager.merge(
        RULES,
        "",
        "recall",
        "{\"spec\":{\"deviceSelector\":{\"selectors\":[{\"cel\":{\"expression\":"
            + "\"device.attributes['gpu.example.com'].missing\"}}]}}}");
    await().until(() -> messages().stream().anyMatch(m -> m.startsWith("selector #0: runtime")));
    assertThat(goes("uses-new")).isFalse();
  }

  private void usePod(String name, String device, Long seconds) {
    Pod pod =
        manager.create(
            PodStates.TYPE,
            new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withFinalizers("kcm.dev/keep")
                .endMetadata()
                .withNewSpec()
                .withNodeName("n")
                .addNewResourceClaim("gpu", name, null)
                .addNewContainer()
                .withName("c")
                .withImage("i")
                .endContainer()
                .endSpec()
                .build());
    ResourceClaim claim =
        new ResourceClaimBuilder()
            .withNewMetadata()
            .withNamespace("default")
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    ResourceClaim created = manager.create(CLAIMS, claim);
    ResourceClaimBuilder allocated =
        new ResourceClaimBuilder(created)
            .withNewStatus()
            .withNewAllocation()
            .withNewDevices()
            .addNewResult()
            .withDriver(DRIVER)
            .withPool("n")
            .withDevice(device)
            .withRequest("r")
            .endResult()
            .endDevices()
            .endAllocation()
            .addNewReservedFor(null, name, "pods", pod.getMetadata().getUid())
            .endStatus();
    if (seconds != null) {
      allocated
          .editStatus()
          .editAllocation()
          .editDevices()
          .editFirstResult()
          .addNewToleration("NoExecute", "k", "Exists", seconds, null)
          .endResult()
          .endDevices()
          .endAllocation()
          .endStatus();
    }
    manager.updateStatus(CLAIMS, allocated.build());
  }

  private boolean goes(String name) {
    return manager
        .get(PodStates.TYPE, "default", name)
        .map(pod -> pod.getMetadata().getDeletionTimestamp() != null)
        .orElse(true);
  }

  private List<String> messages() {
    return manager.list(ResourceType.of(Event.class), "default").stream()
        .map(Event::getMessage)
        .toList();
  }
}
