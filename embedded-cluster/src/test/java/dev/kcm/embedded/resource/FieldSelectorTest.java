package dev.kcm.embedded.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FieldSelectorTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest(name = "{0} {1} on {2} is {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          v1/Pod       | ``                        | {}                                     | true
          v1/Pod       | metadata.name=a           | {"metadata":{"name":"a"}}              | true
          v1/Pod       | metadata.name==a          | {"metadata":{"name":"a"}}              | true
          v1/Pod       | metadata.name!=a          | {"metadata":{"name":"a"}}              | false
          v1/Pod       | metadata.namespace=b      | {"metadata":{"namespace":"b"}}         | true
          v1/Pod       | spec.nodeName=            | {"spec":{}}                            | true
          v1/Pod       | spec.nodeName=            | {"spec":{"nodeName":null}}             | true
          v1/Pod       | spec.nodeName!=           | {"spec":{"nodeName":"n"}}              | true
          v1/Pod       | spec.host=n               | {"spec":{"nodeName":"n"}}              | true
          v1/Pod       | spec.restartPolicy=Never  | {"spec":{"restartPolicy":"Never"}}     | true
          v1/Pod       | spec.schedulerName=x      | {"spec":{"schedulerName":"x"}}         | true
          v1/Pod       | spec.serviceAccountName=x | {"spec":{"serviceAccountName":"x"}}    | true
          v1/Pod       | spec.hostNetwork=true     | {"spec":{"hostNetwork":true}}          | true
          v1/Pod       | spec.hostNetwork=false    | {"spec":{}}                            | true
          v1/Pod       | status.phase=Running      | {"status":{"phase":"Running"}}         | true
          v1/Pod       | status.phase!=Failed,status.phase!=Succeeded | {"status":{"phase":"Failed"}} | false
          v1/Pod       | status.podIP=10.0.0.1     | {"status":{"podIP":"10.0.0.1"}}        | true
          v1/Pod       | status.podIP=10.0.0.1     | {"status":{"podIPs":[{"ip":"10.0.0.1"}]}} | true
          v1/Pod       | status.nominatedNodeName=n| {"status":{"nominatedNodeName":"n"}}   | true
          v1/Node      | spec.unschedulable=false  | {"spec":{}}                            | true
          v1/Node      | spec.unschedulable=true   | {"spec":{"unschedulable":true}}        | true
          v1/Namespace | status.phase=Active       | {"status":{"phase":"Active"}}          | true
          v1/Secret    | type=a\\,b\\=c\\\\        | {"type":"a,b=c\\\\"}                   | true
          v1/Service   | spec.clusterIP=None,spec.type=ClusterIP | {"spec":{"clusterIP":"None","type":"ClusterIP"}} | true
          v1/ReplicationController | status.replicas=0 | {"status":{}}                      | true
          v1/ReplicationController | status.replicas=3 | {"status":{"replicas":3}}          | true
          batch/v1/Job | status.successful=1       | {"status":{"succeeded":1}}             | true
          batch/v1/Job | status.successful=0       | {"status":{}}                          | true
          v1/Event     | involvedObject.name=x     | {"involvedObject":{"name":"x"}}        | true
          v1/Event     | source=c                  | {"source":{"component":"c"}}           | true
          v1/Event     | source=c                  | {"source":{},"reportingComponent":"c"} | true
          v1/Event     | type=Normal,reason=R      | {"type":"Normal","reason":"R"}         | true
          events.k8s.io/v1/Event | regarding.kind=Pod,reportingController=c | {"regarding":{"kind":"Pod"},"reportingController":"c"} | true
          certificates.k8s.io/v1/CertificateSigningRequest | spec.signerName=s/n | {"spec":{"signerName":"s/n"}} | true
          resource.k8s.io/v1/ResourceSlice | spec.driver=d,spec.nodeName=n | {"spec":{"driver":"d","nodeName":"n"}} | true
          v1/ConfigMap | metadata.name=a,,         | {"metadata":{"name":"a"}}              | true
          """)
  void selects(String kind, String selector, String object, boolean expected)
      throws JsonProcessingException {
    JsonNode node = JSON.readTree(object);
    assertThat(FieldSelector.parse(selector, kind(kind)).matches(node)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          v1/Pod        | spec.foo=x        | field label not supported: spec.foo
          v1/Namespace  | metadata.namespace=x | field label not supported: metadata.namespace
          v1/ConfigMap  | data.a=x          | "data.a" is not a known field selector: only "metadata.name", "metadata.namespace"
          apps/v1/Deployment | spec.replicas=1 | "spec.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"
          batch/v1/Job  | spec.x=1          | field label "spec.x" not supported for Job
          resource.k8s.io/v1/ResourceSlice | x=1 | field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: x
          v1/Pod        | abc               | invalid selector: 'abc'; can't understand 'abc'
          v1/Pod        | spec.nodeName=a=b | invalid field selector: unescaped character in value: 61
          v1/Pod        | spec.nodeName=a\\x| invalid field selector: invalid escape sequence: \\x
          v1/Pod        | spec.nodeName=a\\ | invalid field selector: invalid escape sequence: \\
          """)
  void refusesWithTheWordsOfTheApi(String kind, String selector, String message) {
    assertThatThrownBy(() -> FieldSelector.parse(selector, kind(kind)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static Kind kind(String text) {
    int slash = text.lastIndexOf('/');
    return KindTable.standard()
        .ofKind(text.substring(0, slash), text.substring(slash + 1))
        .orElseThrow();
  }
}
