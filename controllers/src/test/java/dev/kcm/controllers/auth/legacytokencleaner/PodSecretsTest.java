package dev.kcm.controllers.auth.legacytokencleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodSecretsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "imagePullSecrets: [{name: x}]",
        "containers: [{env: [{name: a, valueFrom: {secretKeyRef: {name: x, key: k}}}]}]",
        "containers: [{envFrom: [{secretRef: {name: x}}]}]",
        "initContainers: [{envFrom: [{secretRef: {name: x}}]}]",
        "ephemeralContainers: [{envFrom: [{secretRef: {name: x}}]}]",
        "volumes: [{name: v, secret: {secretName: x}}]",
        "volumes: [{name: v, projected: {sources: [{configMap: {name: y}}, {secret: {name: x}}]}}]",
        "volumes: [{name: v, csi: {driver: d, nodePublishSecretRef: {name: x}}}]",
        "volumes: [{name: v, flexVolume: {driver: d, secretRef: {name: x}}}]",
        "volumes: [{name: v, cephfs: {secretRef: {name: x}}}]",
        "volumes: [{name: v, cinder: {volumeID: i, secretRef: {name: x}}}]",
        "volumes: [{name: v, rbd: {image: i, secretRef: {name: x}}}]",
        "volumes: [{name: v, iscsi: {iqn: i, secretRef: {name: x}}}]",
        "volumes: [{name: v, azureFile: {shareName: s, secretName: x}}]",
        "volumes: [{name: v, scaleIO: {system: s, secretRef: {name: x}}}]",
        "volumes: [{name: v, storageos: {secretRef: {name: x}}}]",
      })
  void aPodRefersToASecretInManyWays(String spec) {
    assertThat(PodSecrets.of(List.of(pod(spec)))).containsExactly("x");
  }

  @Test
  void otherThingsOfTheSameNameAreNone() {
    assertThat(
            PodSecrets.of(
                List.of(
                    pod("containers: [{env: [{name: x, value: x}], envFrom: [{prefix: x}]}]"),
                    pod("volumes: [{name: x, configMap: {name: x}}, {name: y, csi: {driver: x}}]"),
                    new Pod())))
        .isEmpty();
  }

  private static Pod pod(String spec) {
    return Serialization.unmarshal(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {" + spec + "}", Pod.class);
  }
}
