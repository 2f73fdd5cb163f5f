//! Files of UIMA as other programs write them: types of their own, words, syntax, lists, chains, and places without a letter.

#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) const JSON: &str = r##"{"%TYPES":{
"de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token":{"%NAME":"de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token","%SUPER_TYPE":"uima.tcas.Annotation","pos":{"%NAME":"pos","%RANGE":"x.Pos"}},
"de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData":{"%SUPER_TYPE":"uima.tcas.DocumentAnnotation","documentTitle":{"%RANGE":"uima.cas.String"},"documentId":{"%RANGE":"uima.cas.String"},"collectionId":{"%RANGE":"uima.cas.String"}},
"x.Pos":{"%SUPER_TYPE":"uima.tcas.Annotation","PosValue":{"%RANGE":"uima.cas.String"}},
"x.Numbers":{"%SUPER_TYPE":"uima.cas.TOP","list":{"%RANGE":"uima.cas.IntegerArray"},"odd":{"%RANGE":"uima.cas.Double"}},
"x.Topic":{"%SUPER_TYPE":"uima.cas.AnnotationBase","topic":{"%RANGE":"uima.cas.String"}},
"x.Person":{"%SUPER_TYPE":"uima.tcas.Annotation","value":{"%RANGE":"uima.cas.String"},"identifier":{"%RANGE":"uima.cas.String"},"about":{"%RANGE":"x.Numbers"}},
"x.Sure":{"%SUPER_TYPE":"uima.tcas.Annotation","sure":{"%RANGE":"uima.cas.Boolean"},"level":{"%RANGE":"uima.cas.Integer"}},
"x.Claim":{"%SUPER_TYPE":"uima.tcas.Annotation","label":{"%RANGE":"uima.cas.String"},"parts":{"%RANGE":"x.PartLink[]"}},
"x.PartLink":{"%SUPER_TYPE":"uima.cas.TOP","role":{"%RANGE":"uima.cas.String"},"target":{"%RANGE":"uima.tcas.Annotation"}},
"x.Works":{"%SUPER_TYPE":"uima.tcas.Annotation","value":{"%RANGE":"uima.cas.String"},"Governor":{"%RANGE":"uima.tcas.Annotation"},"Dependent":{"%RANGE":"uima.tcas.Annotation"}},
"x.Link":{"%SUPER_TYPE":"uima.tcas.Annotation","next":{"%RANGE":"uima.tcas.Annotation"},"referenceType":{"%RANGE":"uima.cas.String"}},
"x.Chain":{"%SUPER_TYPE":"uima.cas.AnnotationBase","first":{"%RANGE":"x.Link"}}},
"%FEATURE_STRUCTURES":[
{"%ID":1,"%TYPE":"uima.cas.Sofa","sofaNum":1,"sofaID":"_InitialView","mimeType":"text/plain","sofaString":"🎉 Ann Lee of Acme said it. She left Bo."},
{"%ID":2,"%TYPE":"de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData","@sofa":1,"begin":0,"end":40,"language":"en","documentTitle":"A party","documentId":"7.txt","collectionId":"news"},
{"%ID":3,"%TYPE":"de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token","@sofa":1,"begin":3,"end":6,"@pos":4},
{"%ID":4,"%TYPE":"x.Pos","@sofa":1,"begin":3,"end":6,"PosValue":"NNP"},
{"%ID":5,"%TYPE":"x.Person","@sofa":1,"begin":3,"end":10,"value":"Some One","identifier":"http://www.wikidata.org/entity/Q42","@about":6},
{"%ID":6,"%TYPE":"x.Numbers","@list":7,"#odd":"NaN"},
{"%ID":7,"%TYPE":"uima.cas.IntegerArray","%ELEMENTS":[-1,20]},
{"%ID":8,"%TYPE":"x.Person","@sofa":1,"begin":14,"end":18,"value":"ORG"},
{"%ID":9,"%TYPE":"x.Sure","@sofa":1,"begin":19,"end":23,"sure":true,"level":3},
{"%ID":10,"%TYPE":"x.PartLink","role":"speaker","@target":5},
{"%ID":11,"%TYPE":"x.PartLink[]","%ELEMENTS":[10]},
{"%ID":12,"%TYPE":"x.Claim","@sofa":1,"begin":19,"end":26,"label":"Says","@parts":11},
{"%ID":13,"%TYPE":"x.Works","@sofa":1,"begin":14,"end":18,"value":"works","@Governor":5,"@Dependent":8},
{"%ID":14,"%TYPE":"x.Link","@sofa":1,"begin":3,"end":10,"@next":15},
{"%ID":15,"%TYPE":"x.Link","@sofa":1,"begin":28,"end":31,"referenceType":"pronoun"},
{"%ID":16,"%TYPE":"x.Chain","@sofa":1,"@first":14},
{"%ID":17,"%TYPE":"x.Sure","@sofa":1,"begin":5,"end":5},
{"%ID":18,"%TYPE":"x.Topic","@sofa":1,"topic":"parties"},
{"%ID":19,"%TYPE":"x.Pos","@sofa":1,"begin":28,"end":31}],
"%VIEWS":{"_InitialView":{"%SOFA":1,"%MEMBERS":[2,3,5,8,9,12,13,14,15,16,17,18,19]}}}"##;

pub(crate) const XMI_TYPES: &str = "<typeSystemDescription xmlns=\"http://uima.apache.org/resourceSpecifier\"><types>\
    <typeDescription><name>x.Person</name><description>A &lt;person&gt;</description><supertypeName>uima.tcas.Annotation</supertypeName><features>\
    <featureDescription><name>value</name><description/><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>\
    <featureDescription><name>names</name><description/><rangeTypeName>uima.cas.StringArray</rangeTypeName></featureDescription>\
    <featureDescription><name>weights</name><description/><rangeTypeName>uima.cas.FloatArray</rangeTypeName>\
    <multipleReferencesAllowed>false</multipleReferencesAllowed></featureDescription></features></typeDescription>\
    <typeDescription><name>Plain</name><description/><supertypeName>uima.tcas.Annotation</supertypeName></typeDescription>\
    </types></typeSystemDescription>";

pub(crate) const XMI: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\" \
    xmlns:tcas=\"http:///uima/tcas.ecore\" xmlns:n=\"http:///uima/noNamespace.ecore\" xmlns:a=\"http:///x.ecore\" \
    xmlns:s=\"http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore\" xmi:version=\"2.0\">\
    <cas:NULL xmi:id=\"0\"/><tcas:DocumentAnnotation xmi:id=\"1\" sofa=\"9\" begin=\"0\" end=\"11\" language=\"x-unspecified\"/>\
    <s:Token xmi:id=\"2\" sofa=\"9\" begin=\"0\" end=\"3\" order=\"0\"/>\
    <a:Person xmi:id=\"3\" sofa=\"9\" begin=\"0\" end=\"3\" value=\"P&amp;E&#10;R\" weights=\"0.5 NaN\"><names>Ann &lt;</names><names/></a:Person>\
    <n:Plain xmi:id=\"4\" sofa=\"9\" begin=\"8\" end=\"10\"/><tcas:Annotation xmi:id=\"5\" sofa=\"9\" begin=\"0\" end=\"11\"/>\
    <cas:Sofa xmi:id=\"9\" sofaNum=\"1\" sofaID=\"_InitialView\" mimeType=\"text/plain\" sofaString=\"Ann saw Bo.\"/>\
    <cas:View sofa=\"9\" members=\"1 2 3 4 5\"/></xmi:XMI>";

pub(crate) const TSV: &str = "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.Person|name|value\n#T_SP=x.Claim|ROLE_x.Claim:parts_x.PartLink|x.Person\n#T_SP=x.Mark|\n\
    #T_CH=x.Link|referenceRelation|referenceType\n#T_RL=x.Works|value|BT_x.Person\n\
    #T_RL=x.Dependency|DependencyType|BT_de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token\n\n\n\
    #Text=Ann Lee of Acme said-so .\n\
    1-1\t0-3\tAnn\tAn\\_n[1]\tPER[1]\t_\t_\t_\tof->1-1\t*[1]\t_\t_\tROOT|x\t1-2|1-1\t\n\
    1-2\t4-7\tLee\tAn\\_n[1]\tPER[1]\t_\t_\t_\tof->1-1\t*[1]\t_\t_\t_\t_\t\n\
    1-3\t8-10\tof\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n\
    1-4\t11-15\tAcme\t*\tORG\t_\t_\t_\t*->1-2\tpart[1]\tb|a\t1-1[1_0]|1-1[1_0]\t_\t_\t\n\
    1-5\t16-23\tsaid-so\t_\t_\twho;*\t1-1[1];1-4\t*\t_\t_\t_\t_\t_\t_\t\n\
    1-5.1\t21-23\tso\t_\t_\t_\t_\t*\t_\t_\t_\t_\t_\t_\t\n\
    1-6\t24-25\t.\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n\
    1-6.1\t25-25\t\t_\t_\t_\t_\t*\t_\t_\t_\t_\t_\t_\t\n";
