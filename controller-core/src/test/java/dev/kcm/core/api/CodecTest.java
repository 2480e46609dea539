package dev.kcm.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import org.junit.jupiter.api.Test;

class CodecTest {

  private final Codec codec = new Codec(false);

  @Test
  void writesEmptyListsWhereTheApiRequiresTheFields() {
    EndpointSlice slice = new EndpointSliceBuilder().withAddressType("IPv4").build();
    assertThat(codec.write(slice)).contains("\"endpoints\":[]").contains("\"ports\":[]");
  }

  @Test
  void leavesOtherEmptyFieldsOut() {
    assertThat(codec.write(new ConfigMap())).doesNotContain("data");
  }
}
