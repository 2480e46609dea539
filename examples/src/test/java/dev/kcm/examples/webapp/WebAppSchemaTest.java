package dev.kcm.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The files an author applies with kubectl, against the classes. */
class WebAppSchemaTest {

  private final KubernetesSerialization serialization = new KubernetesSerialization();

  @Test
  void definitionNamesWhatTheClassNames() throws IOException {
    CustomResourceDefinition crd = definition();

    assertThat(crd.getMetadata().getName()).isEqualTo(WebAppReconciler.APPS.qualifiedPlural());
    assertThat(crd.getSpec().getGroup()).isEqualTo(WebAppReconciler.APPS.group());
    assertThat(crd.getSpec().getNames().getKind()).isEqualTo(WebAppReconciler.APPS.kind());
    assertThat(crd.getSpec().getNames().getPlural()).isEqualTo(WebAppReconciler.APPS.plural());
    assertThat(crd.getSpec().getVersions())
        .extracting(CustomResourceDefinitionVersion::getName)
        .containsExactly(WebAppReconciler.APPS.version());
  }

  @Test
  void schemaHasTheFieldsOfTheRecords() throws IOException {
    JSONSchemaProps schema =
        definition().getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();

    assertThat(schema.getProperties().get("spec").getProperties().keySet())
        .containsExactlyInAnyOrder(componentsOf(WebApp.Spec.class));
    assertThat(schema.getProperties().get("status").getProperties().keySet())
        .containsExactlyInAnyOrder(componentsOf(WebApp.Status.class));
  }

  @Test
  void sampleIsReadAndWrittenAsItIs() throws IOException {
    WebApp app = serialization.unmarshal(read("webapp/hello.yaml"), WebApp.class);

    assertThat(app.getSpec())
        .isEqualTo(new WebApp.Spec("nginx:1.29", 2, "Hello from a reconciler"));
    assertThat(app.getStatus()).isEqualTo(new WebApp.Status(0, 0, null));
    WebApp again = serialization.unmarshal(serialization.asJson(app), WebApp.class);
    assertThat(again.getSpec()).isEqualTo(app.getSpec());
    assertThat(again.getMetadata()).isEqualTo(app.getMetadata());
  }

  private CustomResourceDefinition definition() throws IOException {
    return serialization.unmarshal(read("webapp/crd.yaml"), CustomResourceDefinition.class);
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file));
  }

  private static String[] componentsOf(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(RecordComponent::getName)
        .toArray(String[]::new);
  }
}
