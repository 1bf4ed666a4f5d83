//! Identifiers as people write them, and whatever else they write.

use kechuang_domain::{
    AchievementRegistration, CheckDigit, ContractForm, ContractRegistration, CreditCode, Cstr,
    DisciplineCode, DocumentNumber, Doi, IndustryCode, Orcid, PatentKind, PatentNumber,
};
use serde::{Deserialize, de::value::StringDeserializer};

#[path = "identifiers/properties.rs"]
mod properties;

use CheckDigit::{NotDefined, Passes};

const fn fails(expected: char) -> CheckDigit {
    CheckDigit::Fails { expected }
}

/// For each kind: texts with their normal form and what their check digit says, and texts that can
/// never be one with a word of the reason. Serde reads and writes the same as `parse`.
macro_rules! identifiers {
    ($($test:ident: $type:ty {
        $($text:literal => $normal:literal, $check:expr;)*
        $(refused $bad:literal: $reason:literal;)*
    })+) => {$(
        #[test]
        fn $test() {
            $(check_good::<$type>($text, $normal, |id| id.check(), $check);)*
            $(check_bad::<$type>($bad, $reason);)*
        }
    )+};
}

fn check_good<T>(text: &str, normal: &str, ask: impl Fn(&T) -> CheckDigit, expected: CheckDigit)
where
    T: std::str::FromStr<Err: std::fmt::Display> + std::fmt::Display + for<'de> Deserialize<'de>,
    String: From<T>,
{
    let id: T = text.parse().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(id.to_string(), normal, "{text}");
    assert_eq!(ask(&id), expected, "{text}");
    let read = StringDeserializer::<serde::de::value::Error>::new(text.to_owned());
    assert_eq!(String::from(T::deserialize(read).expect("read")), normal);
}

fn check_bad<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str, reason: &str) {
    let Err(error) = text.parse::<T>() else { panic!("{text} was read") };
    let error = error.to_string();
    assert!(error.contains(reason) && error.contains("例如"), "{text}: {error}");
}

identifiers! {
    credit_codes: CreditCode {
        "91350200MA2YJ1XR9G" => "91350200MA2YJ1XR9G", Passes;
        "91350200776049653A" => "91350200776049653A", Passes;
        " ９１３５０２００ＭＡ２ＹＪ１ＸＲ９Ｇ " => "91350200MA2YJ1XR9G", Passes;
        "91350200ma2yj1xr9g" => "91350200MA2YJ1XR9G", Passes;
        "9135 0200 7760 4965 3A" => "91350200776049653A", Passes;
        // Legal codes of the early pilots.
        "91350203M0001QAY9B" => "91350203M0001QAY9B", fails('9');
        "91350100M0001TGQXM" => "91350100M0001TGQXM", fails('1');
        "91350211M0000XUF46" => "91350211M0000XUF46", fails('R');
        refused "91350200MA2YJ1XR9": "现为 17 位";
        refused "91350200MA2YJ1XR9GG": "现为 19 位";
        refused "91350200MAOYJ1XR9G": "第 11 位「O」";
        refused "9135020077604965ZA": "第 17 位「Z」";
        refused "91350200-76049653A": "第 9 位「-」";
        refused "一二三四五六七八九十一二三四五六七八": "第 1 位「一」";
        refused "": "现为 0 位";
    }
    patent_numbers: PatentNumber {
        "201080063196.9" => "201080063196.9", Passes;
        "202011351308.2" => "202011351308.2", Passes;
        "202510064282.X" => "202510064282.X", Passes;
        "202511052777.7" => "202511052777.7", Passes;
        "ZL 2020 1 1351308.2" => "202011351308.2", Passes;
        "CN202510064282x" => "202510064282.X", Passes;
        "zl２０２５１００６４２８２．Ｘ" => "202510064282.X", Passes;
        "202011351308.3" => "202011351308.3", fails('2');
        "202510064282.0" => "202510064282.0", fails('X');
        "98123456.9" => "98123456.9", Passes;
        "ZL00300001.X" => "00300001.X", Passes;
        "022876545" => "02287654.5", Passes;
        "98123456.1" => "98123456.1", fails('9');
        // The first years had none.
        "85100001" => "85100001", NotDefined;
        refused "202011351308": "校验位";
        refused "98123456": "校验位";
        refused "202041351308.2": "种类位";
        refused "199911351308.2": "年份";
        refused "50123456.2": "年份";
        refused "CN112345678A": "8 位或 12 位";
        refused "2020113513.2": "8 位或 12 位";
        refused "202011351308.22": "校验位「22」";
        refused "二〇二〇": "8 位或 12 位";
    }
    achievement_registrations: AchievementRegistration {
        "9142023Y0156" => "9142023Y0156", NotDefined;
        "914 2023 y 0156" => "9142023Y0156", NotDefined;
        "9142023R0156" => "9142023R0156", NotDefined;
        refused "9142023Y156": "12 位";
        refused "914202300156": "类别字母";
        refused "914ABCDY0156": "四位年份";
        refused "9142023Y01A6": "流水号";
        refused "成果登记二零二三年第一五": "12 位";
    }
    contract_registrations: ContractRegistration {
        "2023140100001234" => "2023140100001234", NotDefined;
        "23141101 000123" => "23141101000123", NotDefined;
        "２３１４１１０１０００１２３" => "23141101000123", NotDefined;
        refused "231411010001234": "现为 15 位";
        refused "23141101A00123": "只应有数字";
        refused "": "现为 0 位";
    }
    dois: Doi {
        "10.1000/182" => "10.1000/182", NotDefined;
        "https://doi.org/10.12074/202201.00012V1" => "10.12074/202201.00012v1", NotDefined;
        "DOI: 10.1016/J.IJHYDENE.2020.01.001" => "10.1016/j.ijhydene.2020.01.001", NotDefined;
        "doi：10.1000.10/123(4)5" => "10.1000.10/123(4)5", NotDefined;
        refused "11.1000/182": "10.";
        refused "10.1000": "/";
        refused "10.12/182": "4 至 9 位";
        refused "10.1000/": "不能为空";
        refused "10.1000/18 2": "不能有空格";
    }
    orcids: Orcid {
        "0000-0002-1825-0097" => "0000-0002-1825-0097", Passes;
        "https://orcid.org/0000-0002-1694-233x" => "0000-0002-1694-233X", Passes;
        "0000000150000007" => "0000-0001-5000-0007", Passes;
        "0000–0002–1825–0097" => "0000-0002-1825-0097", Passes;
        "0000-0002-1825-0098" => "0000-0002-1825-0098", fails('7');
        "0000-0002-1694-2330" => "0000-0002-1694-2330", fails('X');
        refused "0000-0002-1825-009": "现为 15 位";
        refused "0000-0002-1X25-0097": "最后一位";
        refused "ＡＢＣＤ-0002-1825-0097": "最后一位";
    }
    cstrs: Cstr {
        "CSTR:11738.11.dataset.1" => "CSTR:11738.11.dataset.1", NotDefined;
        "cstr：11738.11.Dataset.1" => "CSTR:11738.11.Dataset.1", NotDefined;
        "31253.11.sciencedb.j00001" => "CSTR:31253.11.sciencedb.j00001", NotDefined;
        "https://cstr.cn/CSTR:17058.11.A/b-1" => "CSTR:17058.11.A/b-1", NotDefined;
        refused "CSTR:1173.11.dataset": "五位注册机构代码";
        refused "CSTR:11738.1.dataset": "两位资源类型代码";
        refused "CSTR:11738.11": "内部标识";
        refused "CSTR:11738.11.a b": "不能有空格";
    }
    document_numbers: DocumentNumber {
        "京发改规〔2023〕12 号" => "京发改规〔2023〕12号", NotDefined;
        "京发改规[2023]12号" => "京发改规〔2023〕12号", NotDefined;
        "晋政发(2023)8号" => "晋政发〔2023〕8号", NotDefined;
        "晋政发（２０２３）第０８号" => "晋政发〔2023〕8号", NotDefined;
        "国科发火﹝2017﹞211号" => "国科发火〔2017〕211号", NotDefined;
        "  财 教【2021】 1 号 " => "财教〔2021〕1号", NotDefined;
        "晋科（计）发〔2020〕1号" => "晋科(计)发〔2020〕1号", NotDefined;
        refused "京发改规2023年12号": "〔年份〕";
        refused "京发改规〔2023〕12": "号";
        refused "京发改规〔23〕12号": "四位年份";
        refused "京发改规〔2023〕号": "顺序号";
        refused "京发改规〔2023〕0号": "顺序号";
        refused "〔2023〕12号": "发文机关代字";
        refused "/": "〔年份〕";
    }
    industry_codes: IndustryCode {
        "C3252" => "C3252", NotDefined;
        "c32" => "C32", NotDefined;
        "Ｃ３２５" => "C325", NotDefined;
        "C" => "C", NotDefined;
        "A0111" => "A0111", NotDefined;
        "3252" => "3252", NotDefined;
        "01" => "01", NotDefined;
        // Well formed; that there is no such industry is for the table to say.
        "C9999" => "C9999", NotDefined;
        refused "Z3252": "A 至 T";
        refused "CC32": "A 至 T";
        refused "C3": "2 至 4 位";
        refused "C32521": "2 至 4 位";
        refused "3": "2 至 4 位";
        refused "": "门类字母";
        refused "有色金属": "2 至 4 位";
    }
    discipline_codes: DisciplineCode {
        "430" => "430", NotDefined;
        "430.45" => "43045", NotDefined;
        "43045" => "43045", NotDefined;
        "430.4530" => "4304530", NotDefined;
        "430.45.30" => "4304530", NotDefined;
        "４３０．４５" => "43045", NotDefined;
        refused "4304": "3、5 或 7 位";
        refused "430.": "点";
        refused "4.3045": "点";
        refused "043": "3、5 或 7 位";
        refused "材料科学": "3、5 或 7 位";
    }
}

#[test]
fn a_failing_check_digit_is_told_as_a_question() {
    let warning = |code: &str| code.parse::<CreditCode>().expect("well formed").warning();
    assert_eq!(warning("91350200776049653A"), None);
    let told = warning("91350100M0001TGQXM").expect("a warning");
    assert!(told.contains("校验位应为 1") && told.contains("核对"), "{told}");
}

#[test]
fn identifiers_know_their_parts() {
    let patent = |text: &str| text.parse::<PatentNumber>().expect("well formed").kind();
    assert_eq!(patent("202011351308.2"), PatentKind::Invention);
    assert_eq!(patent("201080063196.9"), PatentKind::Invention);
    assert_eq!(patent("02287654.5"), PatentKind::UtilityModel);
    assert_eq!(patent("00300001.X"), PatentKind::Design);

    let contract = |text: &str| text.parse::<ContractRegistration>().expect("well formed").form();
    assert_eq!(contract("2023140100001234"), ContractForm::Sixteen);
    assert_eq!(contract("23141101000123"), ContractForm::Fourteen);

    let result: AchievementRegistration = "9142023Y0156".parse().expect("well formed");
    assert_eq!((result.year(), result.is_applied_technology()), (2023, true));
    let other: AchievementRegistration = "9142023R0156".parse().expect("well formed");
    assert!(!other.is_applied_technology());

    let document: DocumentNumber = "京发改规（2023）012 号".parse().expect("well formed");
    assert_eq!((document.agency(), document.year(), document.number()), ("京发改规", 2023, 12));

    let level = |text: &str| text.parse::<IndustryCode>().expect("well formed").level();
    assert_eq!(["C", "C32", "325", "C3252"].map(level), [1, 2, 3, 4]);

    let discipline: DisciplineCode = "430.4530".parse().expect("well formed");
    assert_eq!((discipline.level(), discipline.first_level()), (3, "430"));
}
