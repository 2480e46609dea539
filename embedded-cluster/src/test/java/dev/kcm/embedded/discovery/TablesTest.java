package dev.kcm.embedded.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.discovery.Tables.IncludeObject;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.KindTable;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class TablesTest {

  private static final JsonMapper RELAXED =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .build();
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

  static Stream<Kind> kinds() {
    return KindTable.standard().all().stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindHasACellForEachColumnEvenOfAnEmptyObject(Kind kind) {
    for (String object : List.of("{}", "{metadata:{name:'x'},spec:{},status:{}}")) {
      JsonNode table = Tables.table(kind, read(object), IncludeObject.NONE, NOW);
      assertThat(table.at("/rows/0/cells")).hasSameSizeAs(table.path("columnDefinitions"));
    }
  }

  @ParameterizedTest(name = "{0} {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          v1/Node       | {status:{conditions:[{type:'Ready',status:'True'}]},spec:{unschedulable:true}} | /1 | "Ready,SchedulingDisabled"
          v1/Node       | {status:{conditions:[{type:'Ready',status:'Unknown'}]}}         | /1 | "NotReady"
          v1/Node       | {}                                                              | /1 | "Unknown"
          v1/Node       | {metadata:{labels:{'node-role.kubernetes.io/b':'','kubernetes.io/role':'a'}}} | /2 | "a,b"
          v1/Service    | {spec:{type:'LoadBalancer'}}                                    | /3 | "<pending>"
          v1/Service    | {spec:{type:'LoadBalancer',externalIPs:['9']},status:{loadBalancer:{ingress:[{ip:'2'},{hostname:'1'}]}}} | /3 | "1,2,9"
          v1/Service    | {spec:{type:'ClusterIP',externalIPs:['9','8']}}                 | /3 | "9,8"
          v1/Endpoints  | {}                                                              | /1 | "<none>"
          v1/Endpoints  | {subsets:[{addresses:[{ip:'::1'}],ports:[{port:1}]}]}           | /1 | "[::1]:1"
          v1/Endpoints  | {subsets:[{addresses:[{ip:'a'},{ip:'b'},{ip:'c'},{ip:'d'}]}]}   | /1 | "a,b,c + 1 more..."
          discovery.k8s.io/v1/EndpointSlice | {ports:[{name:'x'},{}]}                     | /2 | "x,*"
          discovery.k8s.io/v1/EndpointSlice | {}                                          | /2 | "<unset>"
          batch/v1/Job  | {spec:{completions:3},status:{succeeded:1}}                     | /2 | "1/3"
          batch/v1/Job  | {spec:{parallelism:4}}                                          | /2 | "0/1 of 4"
          batch/v1/Job  | {spec:{parallelism:1}}                                          | /2 | "0/1"
          batch/v1/Job  | {status:{conditions:[{type:'Complete',status:'True'}],startTime:'2026-01-01T00:00:00Z',completionTime:'2026-01-01T00:00:30Z'}} | /3 | "30s"
          batch/v1/Job  | {status:{conditions:[{type:'Failed',status:'True'}]}}           | /1 | "Failed"
          batch/v1/Job  | {metadata:{deletionTimestamp:'x'},status:{conditions:[{type:'Suspended',status:'True'}]}} | /1 | "Terminating"
          batch/v1/Job  | {status:{conditions:[{type:'Suspended',status:'True'}]}}        | /1 | "Suspended"
          batch/v1/Job  | {status:{conditions:[{type:'Suspended',status:'False'},{type:'SuccessCriteriaMet',status:'True'}]}} | /1 | "SuccessCriteriaMet"
          batch/v1/CronJob | {spec:{suspend:true}}                                        | /3 | "True"
          batch/v1/CronJob | {}                                                           | /3 | "<unset>"
          batch/v1/CronJob | {status:{lastScheduleTime:'2026-01-01T00:59:00Z'}}           | /5 | "60s"
          v1/PersistentVolumeClaim | {metadata:{deletionTimestamp:'x'},status:{phase:'Bound'}} | /1 | "Terminating"
          v1/PersistentVolume | {spec:{accessModes:['ReadWriteOncePod','ReadWriteOnce','ReadWriteOnce']}} | /2 | "RWO,RWOP"
          v1/PersistentVolume | {metadata:{annotations:{'volume.beta.kubernetes.io/storage-class':'old'}},spec:{storageClassName:'new'}} | /6 | "old"
          storage.k8s.io/v1/StorageClass | {metadata:{name:'s',annotations:{'storageclass.kubernetes.io/is-default-class':'true'}}} | /0 | "s (default)"
          storage.k8s.io/v1/StorageClass | {allowVolumeExpansion:true}                    | /4 | true
          storage.k8s.io/v1/CSIDriver | {}                                                | /1 | true
          v1/Event      | {metadata:{name:'e'},series:{count:7,lastObservedTime:'2026-01-01T00:59:30Z'},count:2} | /8 | 7
          v1/Event      | {series:{count:7,lastObservedTime:'2026-01-01T00:59:30Z'}}      | /0 | "30s"
          v1/Event      | {}                                                              | /0 | "<unknown>"
          events.k8s.io/v1/Event | {regarding:{kind:'Pod',name:'p'},note:' hi ',reportingController:'c'} | /3 | "pod/p"
          events.k8s.io/v1/Event | {regarding:{kind:'Pod',name:'p'},note:' hi ',reportingController:'c'} | /6 | "hi"
          v1/ConfigMap  | {data:{a:'1',b:'2'},binaryData:{c:'3'}}                         | /1 | 3
          autoscaling/v2/HorizontalPodAutoscaler | {spec:{metrics:[{type:'Resource',resource:{name:'cpu',target:{averageUtilization:50}}},{type:'Pods',pods:{target:{averageValue:'5'}}},{type:'External',external:{target:{value:'9'}}}]},status:{currentMetrics:[{type:'Resource',resource:{current:{averageUtilization:20}}}]}} | /2 | "cpu: 20%/50%, <unknown>/5 + 1 more..."
          autoscaling/v1/HorizontalPodAutoscaler | {spec:{targetCPUUtilizationPercentage:80},status:{currentCPUUtilizationPercentage:3}} | /2 | "cpu: 3%/80%"
          autoscaling/v2/HorizontalPodAutoscaler | {spec:{minReplicas:2}}                 | /3 | "2"
          policy/v1/PodDisruptionBudget | {spec:{minAvailable:1}}                         | /1 | "1"
          networking.k8s.io/v1/Ingress | {spec:{tls:[{}],rules:[{host:'a'},{host:'b'},{},{host:'c'},{host:'d'}]}} | /2 | "a,b,c + 1 more..."
          networking.k8s.io/v1/Ingress | {}                                               | /2 | "*"
          networking.k8s.io/v1/IPAddress | {spec:{parentRef:{group:'',resource:'services',namespace:'default',name:'kubernetes'}}} | /1 | "services/default/kubernetes"
          networking.k8s.io/v1/NetworkPolicy | {spec:{podSelector:{matchLabels:{b:'1'},matchExpressions:[{key:'a',operator:'In',values:['y','x']},{key:'c',operator:'DoesNotExist'}]}}} | /1 | "a in (x,y),b=1,!c"
          resource.k8s.io/v1/ResourceClaim | {status:{allocation:{},reservedFor:[{}]}}    | /1 | "allocated,reserved"
          resource.k8s.io/v1/ResourceClaim | {}                                           | /1 | "pending"
          certificates.k8s.io/v1/CertificateSigningRequest | {spec:{expirationSeconds:3600},status:{conditions:[{type:'Approved'},{type:'Failed'}]}} | /5 | "Approved,Failed"
          certificates.k8s.io/v1/CertificateSigningRequest | {spec:{expirationSeconds:86400}} | /4 | "24h"
          rbac.authorization.k8s.io/v1/RoleBinding | {subjects:[{kind:'ServiceAccount',namespace:'n',name:'a'},{kind:'User',name:'u'}]} | /5 | "n/a"
          rbac.authorization.k8s.io/v1/Role | {metadata:{creationTimestamp:'2026-01-01T00:00:00Z'}} | /1 | "2026-01-01T00:00:00Z"
          scheduling.k8s.io/v1/PriorityClass | {value:5,globalDefault:true}               | /1 | 5
          """)
  void fillsCells(String kind, String object, String cell, String expected) {
    JsonNode table = Tables.table(kind(kind), read(object), IncludeObject.NONE, NOW);
    assertThat(table.at("/rows/0/cells" + cell)).hasToString(expected);
  }

  @Test
  void showsNameAndAgeOfCustomKinds() {
    Kind custom =
        new Kind(
            "example.com",
            "v1",
            "Widget",
            "widgets",
            "widget",
            List.of(),
            List.of(),
            true,
            List.of("get"),
            List.of(),
            "",
            Set.of());
    JsonNode table =
        Tables.table(
            custom,
            read("{metadata:{name:'w',creationTimestamp:'2026-01-01T00:00:00Z'}}"),
            IncludeObject.METADATA,
            NOW);
    assertThat(table.at("/rows/0/cells")).hasToString("[\"w\",\"60m\"]");
    assertThat(table.at("/columnDefinitions/1/name").asText()).isEqualTo("Age");
  }

  @Test
  void carriesTheWantedPartOfEachObject() {
    JsonNode secret = read("{metadata:{name:'s'},type:'Opaque'}");
    Kind kind = kind("v1/Secret");
    assertThat(Tables.table(kind, secret, IncludeObject.NONE, NOW).at("/rows/0/object"))
        .isEqualTo(read("null"));
    assertThat(Tables.table(kind, secret, IncludeObject.METADATA, NOW).at("/rows/0/object"))
        .isEqualTo(
            read("{kind:'PartialObjectMetadata',apiVersion:'meta.k8s.io/v1',metadata:{name:'s'}}"));
    assertThat(Tables.table(kind, secret, IncludeObject.OBJECT, NOW).at("/rows/0/object"))
        .isEqualTo(read("{kind:'Secret',apiVersion:'v1',metadata:{name:'s'},type:'Opaque'}"));
  }

  @Test
  void marksFinishedPods() {
    JsonNode done = read("{status:{phase:'Succeeded'}}");
    JsonNode row = Tables.table(kind("v1/Pod"), done, IncludeObject.NONE, NOW).at("/rows/0");
    assertThat(row.at("/conditions/0/type").asText()).isEqualTo("Completed");
    assertThat(row.at("/conditions/0/reason").asText()).isEqualTo("Succeeded");
  }

  @Test
  void reducesObjectsAndListsToTheirMetadata() {
    assertThat(Tables.partial(read("{kind:'Pod',metadata:{name:'a'},spec:{}}")))
        .isEqualTo(
            read("{kind:'PartialObjectMetadata',apiVersion:'meta.k8s.io/v1',metadata:{name:'a'}}"));
    ObjectNode list =
        Tables.partial(
            read("{kind:'PodList',metadata:{resourceVersion:'7'},items:[{metadata:{name:'a'}}]}"));
    assertThat(list.path("kind").asText()).isEqualTo("PartialObjectMetadataList");
    assertThat(list.at("/metadata/resourceVersion").asText()).isEqualTo("7");
    assertThat(list.at("/items/0/metadata/name").asText()).isEqualTo("a");
    assertThat(list.at("/items/0/kind").asText()).isEqualTo("PartialObjectMetadata");
  }

  private static Kind kind(String text) {
    int slash = text.lastIndexOf('/');
    return KindTable.standard()
        .ofKind(text.substring(0, slash), text.substring(slash + 1))
        .orElseThrow();
  }

  private static JsonNode read(String text) {
    try {
      return RELAXED.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + text, e);
    }
  }
}
