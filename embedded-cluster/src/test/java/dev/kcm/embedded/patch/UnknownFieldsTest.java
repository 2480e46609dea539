package dev.kcm.embedded.patch;

import static dev.kcm.embedded.patch.PatchesTest.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnknownFieldsTest {

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          v1/ConfigMap  | {apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a'},data:{any:'1'}} | ``
          v1/ConfigMap  | {dat:{k:'v'},metadata:{nam:'x'}}                | dat metadata.nam
          apps/v1/Deployment | {spec:{template:{spec:{containers:[{name:'a'},{imag:'b',resources:{limits:{cpu:1}}}]}}}} | spec.template.spec.containers[1].imag
          apps/v1/Deployment | {spec:{replica:1,selector:{matchLabels:{x:'y'}}}} | spec.replica
          v1/Pod        | {metadata:{creationTimestamp:'x',labels:{a:'b'}},status:{podIPs:[{ip:'1',x:1}]}} | status.podIPs[0].x
          apps/v1/ControllerRevision | {data:{spec:{anything:1}},revision:1} | ``
          v1/Service    | {spec:{ports:[{targetPort:'http'}],selector:'odd'}} | ``
          """)
  void namesWhatTheTypeDoesNotHave(String kind, String object, String expected) {
    assertThat(String.join(" ", UnknownFields.of(kind(kind), read(object)))).isEqualTo(expected);
  }

  private static Kind kind(String text) {
    int slash = text.lastIndexOf('/');
    return KindTable.standard()
        .ofKind(text.substring(0, slash), text.substring(slash + 1))
        .orElseThrow();
  }
}
