impl serde::Serialize for AcknowledgeReply {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.held != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.AcknowledgeReply", len)?;
        if self.held != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("held", ToString::to_string(&self.held).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for AcknowledgeReply {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "held",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Held,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "held" => Ok(GeneratedField::Held),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = AcknowledgeReply;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.AcknowledgeReply")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<AcknowledgeReply, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut held__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Held => {
                            if held__.is_some() {
                                return Err(serde::de::Error::duplicate_field("held"));
                            }
                            held__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(AcknowledgeReply {
                    held: held__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.AcknowledgeReply", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for AcknowledgeRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.spool.is_empty() {
            len += 1;
        }
        if !self.numbers.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.AcknowledgeRequest", len)?;
        if !self.spool.is_empty() {
            struct_ser.serialize_field("spool", &self.spool)?;
        }
        if !self.numbers.is_empty() {
            struct_ser.serialize_field("numbers", &self.numbers.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for AcknowledgeRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "spool",
            "numbers",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Spool,
            Numbers,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "spool" => Ok(GeneratedField::Spool),
                            "numbers" => Ok(GeneratedField::Numbers),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = AcknowledgeRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.AcknowledgeRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<AcknowledgeRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut spool__ = None;
                let mut numbers__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Spool => {
                            if spool__.is_some() {
                                return Err(serde::de::Error::duplicate_field("spool"));
                            }
                            spool__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Numbers => {
                            if numbers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("numbers"));
                            }
                            numbers__ = 
                                Some(map_.next_value::<Vec<::pbjson::private::NumberDeserialize<_>>>()?
                                    .into_iter().map(|x| x.0).collect())
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(AcknowledgeRequest {
                    spool: spool__.unwrap_or_default(),
                    numbers: numbers__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.AcknowledgeRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Attachment {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.content.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Attachment", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.content.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("content", pbjson::private::base64::encode(&self.content).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Attachment {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "content",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Content,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "content" => Ok(GeneratedField::Content),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Attachment;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Attachment")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Attachment, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut content__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Content => {
                            if content__.is_some() {
                                return Err(serde::de::Error::duplicate_field("content"));
                            }
                            content__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Attachment {
                    name: name__.unwrap_or_default(),
                    content: content__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Attachment", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Certificate {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.subject.is_empty() {
            len += 1;
        }
        if !self.issuer.is_empty() {
            len += 1;
        }
        if self.not_before != 0 {
            len += 1;
        }
        if self.not_after != 0 {
            len += 1;
        }
        if !self.dns_names.is_empty() {
            len += 1;
        }
        if !self.ip_addresses.is_empty() {
            len += 1;
        }
        if !self.sha256.is_empty() {
            len += 1;
        }
        if self.is_ca {
            len += 1;
        }
        if self.self_issued {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Certificate", len)?;
        if !self.subject.is_empty() {
            struct_ser.serialize_field("subject", &self.subject)?;
        }
        if !self.issuer.is_empty() {
            struct_ser.serialize_field("issuer", &self.issuer)?;
        }
        if self.not_before != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("not_before", ToString::to_string(&self.not_before).as_str())?;
        }
        if self.not_after != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("not_after", ToString::to_string(&self.not_after).as_str())?;
        }
        if !self.dns_names.is_empty() {
            struct_ser.serialize_field("dns_names", &self.dns_names)?;
        }
        if !self.ip_addresses.is_empty() {
            struct_ser.serialize_field("ip_addresses", &self.ip_addresses)?;
        }
        if !self.sha256.is_empty() {
            struct_ser.serialize_field("sha256", &self.sha256)?;
        }
        if self.is_ca {
            struct_ser.serialize_field("is_ca", &self.is_ca)?;
        }
        if self.self_issued {
            struct_ser.serialize_field("self_issued", &self.self_issued)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Certificate {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "subject",
            "issuer",
            "not_before",
            "notBefore",
            "not_after",
            "notAfter",
            "dns_names",
            "dnsNames",
            "ip_addresses",
            "ipAddresses",
            "sha256",
            "is_ca",
            "isCa",
            "self_issued",
            "selfIssued",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Subject,
            Issuer,
            NotBefore,
            NotAfter,
            DnsNames,
            IpAddresses,
            Sha256,
            IsCa,
            SelfIssued,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "subject" => Ok(GeneratedField::Subject),
                            "issuer" => Ok(GeneratedField::Issuer),
                            "notBefore" | "not_before" => Ok(GeneratedField::NotBefore),
                            "notAfter" | "not_after" => Ok(GeneratedField::NotAfter),
                            "dnsNames" | "dns_names" => Ok(GeneratedField::DnsNames),
                            "ipAddresses" | "ip_addresses" => Ok(GeneratedField::IpAddresses),
                            "sha256" => Ok(GeneratedField::Sha256),
                            "isCa" | "is_ca" => Ok(GeneratedField::IsCa),
                            "selfIssued" | "self_issued" => Ok(GeneratedField::SelfIssued),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Certificate;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Certificate")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Certificate, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut subject__ = None;
                let mut issuer__ = None;
                let mut not_before__ = None;
                let mut not_after__ = None;
                let mut dns_names__ = None;
                let mut ip_addresses__ = None;
                let mut sha256__ = None;
                let mut is_ca__ = None;
                let mut self_issued__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Subject => {
                            if subject__.is_some() {
                                return Err(serde::de::Error::duplicate_field("subject"));
                            }
                            subject__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Issuer => {
                            if issuer__.is_some() {
                                return Err(serde::de::Error::duplicate_field("issuer"));
                            }
                            issuer__ = Some(map_.next_value()?);
                        }
                        GeneratedField::NotBefore => {
                            if not_before__.is_some() {
                                return Err(serde::de::Error::duplicate_field("notBefore"));
                            }
                            not_before__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::NotAfter => {
                            if not_after__.is_some() {
                                return Err(serde::de::Error::duplicate_field("notAfter"));
                            }
                            not_after__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::DnsNames => {
                            if dns_names__.is_some() {
                                return Err(serde::de::Error::duplicate_field("dnsNames"));
                            }
                            dns_names__ = Some(map_.next_value()?);
                        }
                        GeneratedField::IpAddresses => {
                            if ip_addresses__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ipAddresses"));
                            }
                            ip_addresses__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Sha256 => {
                            if sha256__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sha256"));
                            }
                            sha256__ = Some(map_.next_value()?);
                        }
                        GeneratedField::IsCa => {
                            if is_ca__.is_some() {
                                return Err(serde::de::Error::duplicate_field("isCa"));
                            }
                            is_ca__ = Some(map_.next_value()?);
                        }
                        GeneratedField::SelfIssued => {
                            if self_issued__.is_some() {
                                return Err(serde::de::Error::duplicate_field("selfIssued"));
                            }
                            self_issued__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Certificate {
                    subject: subject__.unwrap_or_default(),
                    issuer: issuer__.unwrap_or_default(),
                    not_before: not_before__.unwrap_or_default(),
                    not_after: not_after__.unwrap_or_default(),
                    dns_names: dns_names__.unwrap_or_default(),
                    ip_addresses: ip_addresses__.unwrap_or_default(),
                    sha256: sha256__.unwrap_or_default(),
                    is_ca: is_ca__.unwrap_or_default(),
                    self_issued: self_issued__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Certificate", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ClockReply {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.sent_us != 0 {
            len += 1;
        }
        if self.received_us != 0 {
            len += 1;
        }
        if self.replied_us != 0 {
            len += 1;
        }
        if self.steady_us != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ClockReply", len)?;
        if self.sent_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("sent_us", ToString::to_string(&self.sent_us).as_str())?;
        }
        if self.received_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("received_us", ToString::to_string(&self.received_us).as_str())?;
        }
        if self.replied_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("replied_us", ToString::to_string(&self.replied_us).as_str())?;
        }
        if self.steady_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("steady_us", ToString::to_string(&self.steady_us).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ClockReply {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "sent_us",
            "sentUs",
            "received_us",
            "receivedUs",
            "replied_us",
            "repliedUs",
            "steady_us",
            "steadyUs",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            SentUs,
            ReceivedUs,
            RepliedUs,
            SteadyUs,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "sentUs" | "sent_us" => Ok(GeneratedField::SentUs),
                            "receivedUs" | "received_us" => Ok(GeneratedField::ReceivedUs),
                            "repliedUs" | "replied_us" => Ok(GeneratedField::RepliedUs),
                            "steadyUs" | "steady_us" => Ok(GeneratedField::SteadyUs),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ClockReply;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ClockReply")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ClockReply, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut sent_us__ = None;
                let mut received_us__ = None;
                let mut replied_us__ = None;
                let mut steady_us__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::SentUs => {
                            if sent_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sentUs"));
                            }
                            sent_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ReceivedUs => {
                            if received_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("receivedUs"));
                            }
                            received_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::RepliedUs => {
                            if replied_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("repliedUs"));
                            }
                            replied_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::SteadyUs => {
                            if steady_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("steadyUs"));
                            }
                            steady_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ClockReply {
                    sent_us: sent_us__.unwrap_or_default(),
                    received_us: received_us__.unwrap_or_default(),
                    replied_us: replied_us__.unwrap_or_default(),
                    steady_us: steady_us__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ClockReply", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ClockRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.sent_us != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ClockRequest", len)?;
        if self.sent_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("sent_us", ToString::to_string(&self.sent_us).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ClockRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "sent_us",
            "sentUs",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            SentUs,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "sentUs" | "sent_us" => Ok(GeneratedField::SentUs),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ClockRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ClockRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ClockRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut sent_us__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::SentUs => {
                            if sent_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sentUs"));
                            }
                            sent_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ClockRequest {
                    sent_us: sent_us__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ClockRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ClusterDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.services.is_empty() {
            len += 1;
        }
        if !self.routes.is_empty() {
            len += 1;
        }
        if !self.pods.is_empty() {
            len += 1;
        }
        if !self.nodes.is_empty() {
            len += 1;
        }
        if !self.policies.is_empty() {
            len += 1;
        }
        if !self.namespaces.is_empty() {
            len += 1;
        }
        if !self.read.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ClusterDetail", len)?;
        if !self.services.is_empty() {
            struct_ser.serialize_field("services", &self.services)?;
        }
        if !self.routes.is_empty() {
            struct_ser.serialize_field("routes", &self.routes)?;
        }
        if !self.pods.is_empty() {
            struct_ser.serialize_field("pods", &self.pods)?;
        }
        if !self.nodes.is_empty() {
            struct_ser.serialize_field("nodes", &self.nodes)?;
        }
        if !self.policies.is_empty() {
            struct_ser.serialize_field("policies", &self.policies)?;
        }
        if !self.namespaces.is_empty() {
            struct_ser.serialize_field("namespaces", &self.namespaces)?;
        }
        if !self.read.is_empty() {
            struct_ser.serialize_field("read", &self.read)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ClusterDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "services",
            "routes",
            "pods",
            "nodes",
            "policies",
            "namespaces",
            "read",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Services,
            Routes,
            Pods,
            Nodes,
            Policies,
            Namespaces,
            Read,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "services" => Ok(GeneratedField::Services),
                            "routes" => Ok(GeneratedField::Routes),
                            "pods" => Ok(GeneratedField::Pods),
                            "nodes" => Ok(GeneratedField::Nodes),
                            "policies" => Ok(GeneratedField::Policies),
                            "namespaces" => Ok(GeneratedField::Namespaces),
                            "read" => Ok(GeneratedField::Read),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ClusterDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ClusterDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ClusterDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut services__ = None;
                let mut routes__ = None;
                let mut pods__ = None;
                let mut nodes__ = None;
                let mut policies__ = None;
                let mut namespaces__ = None;
                let mut read__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Services => {
                            if services__.is_some() {
                                return Err(serde::de::Error::duplicate_field("services"));
                            }
                            services__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Routes => {
                            if routes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("routes"));
                            }
                            routes__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Pods => {
                            if pods__.is_some() {
                                return Err(serde::de::Error::duplicate_field("pods"));
                            }
                            pods__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Nodes => {
                            if nodes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("nodes"));
                            }
                            nodes__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Policies => {
                            if policies__.is_some() {
                                return Err(serde::de::Error::duplicate_field("policies"));
                            }
                            policies__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Namespaces => {
                            if namespaces__.is_some() {
                                return Err(serde::de::Error::duplicate_field("namespaces"));
                            }
                            namespaces__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Read => {
                            if read__.is_some() {
                                return Err(serde::de::Error::duplicate_field("read"));
                            }
                            read__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ClusterDetail {
                    services: services__.unwrap_or_default(),
                    routes: routes__.unwrap_or_default(),
                    pods: pods__.unwrap_or_default(),
                    nodes: nodes__.unwrap_or_default(),
                    policies: policies__.unwrap_or_default(),
                    namespaces: namespaces__.unwrap_or_default(),
                    read: read__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ClusterDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ClusterNamespace {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.labels.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ClusterNamespace", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.labels.is_empty() {
            struct_ser.serialize_field("labels", &self.labels)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ClusterNamespace {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "labels",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Labels,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "labels" => Ok(GeneratedField::Labels),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ClusterNamespace;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ClusterNamespace")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ClusterNamespace, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut labels__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Labels => {
                            if labels__.is_some() {
                                return Err(serde::de::Error::duplicate_field("labels"));
                            }
                            labels__ = Some(
                                map_.next_value::<std::collections::BTreeMap<_, _>>()?
                            );
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ClusterNamespace {
                    name: name__.unwrap_or_default(),
                    labels: labels__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ClusterNamespace", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ClusterNode {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.addresses.is_empty() {
            len += 1;
        }
        if !self.pod_cidrs.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ClusterNode", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.addresses.is_empty() {
            struct_ser.serialize_field("addresses", &self.addresses)?;
        }
        if !self.pod_cidrs.is_empty() {
            struct_ser.serialize_field("pod_cidrs", &self.pod_cidrs)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ClusterNode {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "addresses",
            "pod_cidrs",
            "podCidrs",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Addresses,
            PodCidrs,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "addresses" => Ok(GeneratedField::Addresses),
                            "podCidrs" | "pod_cidrs" => Ok(GeneratedField::PodCidrs),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ClusterNode;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ClusterNode")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ClusterNode, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut addresses__ = None;
                let mut pod_cidrs__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Addresses => {
                            if addresses__.is_some() {
                                return Err(serde::de::Error::duplicate_field("addresses"));
                            }
                            addresses__ = Some(map_.next_value()?);
                        }
                        GeneratedField::PodCidrs => {
                            if pod_cidrs__.is_some() {
                                return Err(serde::de::Error::duplicate_field("podCidrs"));
                            }
                            pod_cidrs__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ClusterNode {
                    name: name__.unwrap_or_default(),
                    addresses: addresses__.unwrap_or_default(),
                    pod_cidrs: pod_cidrs__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ClusterNode", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ClusterPod {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.namespace.is_empty() {
            len += 1;
        }
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.address.is_empty() {
            len += 1;
        }
        if !self.node.is_empty() {
            len += 1;
        }
        if self.ready {
            len += 1;
        }
        if !self.ports.is_empty() {
            len += 1;
        }
        if !self.labels.is_empty() {
            len += 1;
        }
        if !self.named_ports.is_empty() {
            len += 1;
        }
        if self.host_network {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ClusterPod", len)?;
        if !self.namespace.is_empty() {
            struct_ser.serialize_field("namespace", &self.namespace)?;
        }
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if !self.node.is_empty() {
            struct_ser.serialize_field("node", &self.node)?;
        }
        if self.ready {
            struct_ser.serialize_field("ready", &self.ready)?;
        }
        if !self.ports.is_empty() {
            struct_ser.serialize_field("ports", &self.ports)?;
        }
        if !self.labels.is_empty() {
            struct_ser.serialize_field("labels", &self.labels)?;
        }
        if !self.named_ports.is_empty() {
            struct_ser.serialize_field("named_ports", &self.named_ports)?;
        }
        if self.host_network {
            struct_ser.serialize_field("host_network", &self.host_network)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ClusterPod {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "namespace",
            "name",
            "address",
            "node",
            "ready",
            "ports",
            "labels",
            "named_ports",
            "namedPorts",
            "host_network",
            "hostNetwork",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Namespace,
            Name,
            Address,
            Node,
            Ready,
            Ports,
            Labels,
            NamedPorts,
            HostNetwork,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "namespace" => Ok(GeneratedField::Namespace),
                            "name" => Ok(GeneratedField::Name),
                            "address" => Ok(GeneratedField::Address),
                            "node" => Ok(GeneratedField::Node),
                            "ready" => Ok(GeneratedField::Ready),
                            "ports" => Ok(GeneratedField::Ports),
                            "labels" => Ok(GeneratedField::Labels),
                            "namedPorts" | "named_ports" => Ok(GeneratedField::NamedPorts),
                            "hostNetwork" | "host_network" => Ok(GeneratedField::HostNetwork),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ClusterPod;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ClusterPod")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ClusterPod, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut namespace__ = None;
                let mut name__ = None;
                let mut address__ = None;
                let mut node__ = None;
                let mut ready__ = None;
                let mut ports__ = None;
                let mut labels__ = None;
                let mut named_ports__ = None;
                let mut host_network__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Namespace => {
                            if namespace__.is_some() {
                                return Err(serde::de::Error::duplicate_field("namespace"));
                            }
                            namespace__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Node => {
                            if node__.is_some() {
                                return Err(serde::de::Error::duplicate_field("node"));
                            }
                            node__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Ready => {
                            if ready__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ready"));
                            }
                            ready__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Ports => {
                            if ports__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ports"));
                            }
                            ports__ = 
                                Some(map_.next_value::<Vec<::pbjson::private::NumberDeserialize<_>>>()?
                                    .into_iter().map(|x| x.0).collect())
                            ;
                        }
                        GeneratedField::Labels => {
                            if labels__.is_some() {
                                return Err(serde::de::Error::duplicate_field("labels"));
                            }
                            labels__ = Some(
                                map_.next_value::<std::collections::BTreeMap<_, _>>()?
                            );
                        }
                        GeneratedField::NamedPorts => {
                            if named_ports__.is_some() {
                                return Err(serde::de::Error::duplicate_field("namedPorts"));
                            }
                            named_ports__ = Some(map_.next_value()?);
                        }
                        GeneratedField::HostNetwork => {
                            if host_network__.is_some() {
                                return Err(serde::de::Error::duplicate_field("hostNetwork"));
                            }
                            host_network__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ClusterPod {
                    namespace: namespace__.unwrap_or_default(),
                    name: name__.unwrap_or_default(),
                    address: address__.unwrap_or_default(),
                    node: node__.unwrap_or_default(),
                    ready: ready__.unwrap_or_default(),
                    ports: ports__.unwrap_or_default(),
                    labels: labels__.unwrap_or_default(),
                    named_ports: named_ports__.unwrap_or_default(),
                    host_network: host_network__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ClusterPod", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ClusterPolicy {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.namespace.is_empty() {
            len += 1;
        }
        if !self.name.is_empty() {
            len += 1;
        }
        if self.pods.is_some() {
            len += 1;
        }
        if self.ingress {
            len += 1;
        }
        if self.egress {
            len += 1;
        }
        if !self.ingress_rules.is_empty() {
            len += 1;
        }
        if !self.egress_rules.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ClusterPolicy", len)?;
        if !self.namespace.is_empty() {
            struct_ser.serialize_field("namespace", &self.namespace)?;
        }
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if let Some(v) = self.pods.as_ref() {
            struct_ser.serialize_field("pods", v)?;
        }
        if self.ingress {
            struct_ser.serialize_field("ingress", &self.ingress)?;
        }
        if self.egress {
            struct_ser.serialize_field("egress", &self.egress)?;
        }
        if !self.ingress_rules.is_empty() {
            struct_ser.serialize_field("ingress_rules", &self.ingress_rules)?;
        }
        if !self.egress_rules.is_empty() {
            struct_ser.serialize_field("egress_rules", &self.egress_rules)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ClusterPolicy {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "namespace",
            "name",
            "pods",
            "ingress",
            "egress",
            "ingress_rules",
            "ingressRules",
            "egress_rules",
            "egressRules",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Namespace,
            Name,
            Pods,
            Ingress,
            Egress,
            IngressRules,
            EgressRules,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "namespace" => Ok(GeneratedField::Namespace),
                            "name" => Ok(GeneratedField::Name),
                            "pods" => Ok(GeneratedField::Pods),
                            "ingress" => Ok(GeneratedField::Ingress),
                            "egress" => Ok(GeneratedField::Egress),
                            "ingressRules" | "ingress_rules" => Ok(GeneratedField::IngressRules),
                            "egressRules" | "egress_rules" => Ok(GeneratedField::EgressRules),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ClusterPolicy;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ClusterPolicy")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ClusterPolicy, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut namespace__ = None;
                let mut name__ = None;
                let mut pods__ = None;
                let mut ingress__ = None;
                let mut egress__ = None;
                let mut ingress_rules__ = None;
                let mut egress_rules__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Namespace => {
                            if namespace__.is_some() {
                                return Err(serde::de::Error::duplicate_field("namespace"));
                            }
                            namespace__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Pods => {
                            if pods__.is_some() {
                                return Err(serde::de::Error::duplicate_field("pods"));
                            }
                            pods__ = map_.next_value()?;
                        }
                        GeneratedField::Ingress => {
                            if ingress__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ingress"));
                            }
                            ingress__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Egress => {
                            if egress__.is_some() {
                                return Err(serde::de::Error::duplicate_field("egress"));
                            }
                            egress__ = Some(map_.next_value()?);
                        }
                        GeneratedField::IngressRules => {
                            if ingress_rules__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ingressRules"));
                            }
                            ingress_rules__ = Some(map_.next_value()?);
                        }
                        GeneratedField::EgressRules => {
                            if egress_rules__.is_some() {
                                return Err(serde::de::Error::duplicate_field("egressRules"));
                            }
                            egress_rules__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ClusterPolicy {
                    namespace: namespace__.unwrap_or_default(),
                    name: name__.unwrap_or_default(),
                    pods: pods__,
                    ingress: ingress__.unwrap_or_default(),
                    egress: egress__.unwrap_or_default(),
                    ingress_rules: ingress_rules__.unwrap_or_default(),
                    egress_rules: egress_rules__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ClusterPolicy", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ClusterRoute {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.host.is_empty() {
            len += 1;
        }
        if !self.path.is_empty() {
            len += 1;
        }
        if !self.namespace.is_empty() {
            len += 1;
        }
        if !self.service.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ClusterRoute", len)?;
        if !self.host.is_empty() {
            struct_ser.serialize_field("host", &self.host)?;
        }
        if !self.path.is_empty() {
            struct_ser.serialize_field("path", &self.path)?;
        }
        if !self.namespace.is_empty() {
            struct_ser.serialize_field("namespace", &self.namespace)?;
        }
        if !self.service.is_empty() {
            struct_ser.serialize_field("service", &self.service)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ClusterRoute {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "host",
            "path",
            "namespace",
            "service",
            "port",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Host,
            Path,
            Namespace,
            Service,
            Port,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "host" => Ok(GeneratedField::Host),
                            "path" => Ok(GeneratedField::Path),
                            "namespace" => Ok(GeneratedField::Namespace),
                            "service" => Ok(GeneratedField::Service),
                            "port" => Ok(GeneratedField::Port),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ClusterRoute;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ClusterRoute")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ClusterRoute, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut host__ = None;
                let mut path__ = None;
                let mut namespace__ = None;
                let mut service__ = None;
                let mut port__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Host => {
                            if host__.is_some() {
                                return Err(serde::de::Error::duplicate_field("host"));
                            }
                            host__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Path => {
                            if path__.is_some() {
                                return Err(serde::de::Error::duplicate_field("path"));
                            }
                            path__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Namespace => {
                            if namespace__.is_some() {
                                return Err(serde::de::Error::duplicate_field("namespace"));
                            }
                            namespace__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Service => {
                            if service__.is_some() {
                                return Err(serde::de::Error::duplicate_field("service"));
                            }
                            service__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ClusterRoute {
                    host: host__.unwrap_or_default(),
                    path: path__.unwrap_or_default(),
                    namespace: namespace__.unwrap_or_default(),
                    service: service__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ClusterRoute", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ClusterService {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.namespace.is_empty() {
            len += 1;
        }
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.addresses.is_empty() {
            len += 1;
        }
        if !self.ports.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ClusterService", len)?;
        if !self.namespace.is_empty() {
            struct_ser.serialize_field("namespace", &self.namespace)?;
        }
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.addresses.is_empty() {
            struct_ser.serialize_field("addresses", &self.addresses)?;
        }
        if !self.ports.is_empty() {
            struct_ser.serialize_field("ports", &self.ports)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ClusterService {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "namespace",
            "name",
            "addresses",
            "ports",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Namespace,
            Name,
            Addresses,
            Ports,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "namespace" => Ok(GeneratedField::Namespace),
                            "name" => Ok(GeneratedField::Name),
                            "addresses" => Ok(GeneratedField::Addresses),
                            "ports" => Ok(GeneratedField::Ports),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ClusterService;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ClusterService")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ClusterService, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut namespace__ = None;
                let mut name__ = None;
                let mut addresses__ = None;
                let mut ports__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Namespace => {
                            if namespace__.is_some() {
                                return Err(serde::de::Error::duplicate_field("namespace"));
                            }
                            namespace__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Addresses => {
                            if addresses__.is_some() {
                                return Err(serde::de::Error::duplicate_field("addresses"));
                            }
                            addresses__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Ports => {
                            if ports__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ports"));
                            }
                            ports__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ClusterService {
                    namespace: namespace__.unwrap_or_default(),
                    name: name__.unwrap_or_default(),
                    addresses: addresses__.unwrap_or_default(),
                    ports: ports__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ClusterService", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for CollectSpec {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.source != 0 {
            len += 1;
        }
        if !self.addresses.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.CollectSpec", len)?;
        if self.source != 0 {
            let v = Source::try_from(self.source)
                .map_err(|_| serde::ser::Error::custom(format!("Invalid variant {}", self.source)))?;
            struct_ser.serialize_field("source", &v)?;
        }
        if !self.addresses.is_empty() {
            struct_ser.serialize_field("addresses", &self.addresses)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for CollectSpec {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "source",
            "addresses",
            "port",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Source,
            Addresses,
            Port,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "source" => Ok(GeneratedField::Source),
                            "addresses" => Ok(GeneratedField::Addresses),
                            "port" => Ok(GeneratedField::Port),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = CollectSpec;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.CollectSpec")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<CollectSpec, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut source__ = None;
                let mut addresses__ = None;
                let mut port__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Source => {
                            if source__.is_some() {
                                return Err(serde::de::Error::duplicate_field("source"));
                            }
                            source__ = Some(map_.next_value::<Source>()? as i32);
                        }
                        GeneratedField::Addresses => {
                            if addresses__.is_some() {
                                return Err(serde::de::Error::duplicate_field("addresses"));
                            }
                            addresses__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(CollectSpec {
                    source: source__.unwrap_or_default(),
                    addresses: addresses__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.CollectSpec", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ConntrackDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.count.is_some() {
            len += 1;
        }
        if self.max.is_some() {
            len += 1;
        }
        if !self.stats.is_empty() {
            len += 1;
        }
        if !self.entries.is_empty() {
            len += 1;
        }
        if self.complete {
            len += 1;
        }
        if !self.settings.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ConntrackDetail", len)?;
        if let Some(v) = self.count.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("count", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.max.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("max", ToString::to_string(&v).as_str())?;
        }
        if !self.stats.is_empty() {
            struct_ser.serialize_field("stats", &self.stats)?;
        }
        if !self.entries.is_empty() {
            struct_ser.serialize_field("entries", &self.entries)?;
        }
        if self.complete {
            struct_ser.serialize_field("complete", &self.complete)?;
        }
        if !self.settings.is_empty() {
            struct_ser.serialize_field("settings", &self.settings)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ConntrackDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "count",
            "max",
            "stats",
            "entries",
            "complete",
            "settings",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Count,
            Max,
            Stats,
            Entries,
            Complete,
            Settings,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "count" => Ok(GeneratedField::Count),
                            "max" => Ok(GeneratedField::Max),
                            "stats" => Ok(GeneratedField::Stats),
                            "entries" => Ok(GeneratedField::Entries),
                            "complete" => Ok(GeneratedField::Complete),
                            "settings" => Ok(GeneratedField::Settings),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ConntrackDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ConntrackDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ConntrackDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut count__ = None;
                let mut max__ = None;
                let mut stats__ = None;
                let mut entries__ = None;
                let mut complete__ = None;
                let mut settings__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Count => {
                            if count__.is_some() {
                                return Err(serde::de::Error::duplicate_field("count"));
                            }
                            count__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Max => {
                            if max__.is_some() {
                                return Err(serde::de::Error::duplicate_field("max"));
                            }
                            max__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Stats => {
                            if stats__.is_some() {
                                return Err(serde::de::Error::duplicate_field("stats"));
                            }
                            stats__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Entries => {
                            if entries__.is_some() {
                                return Err(serde::de::Error::duplicate_field("entries"));
                            }
                            entries__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Complete => {
                            if complete__.is_some() {
                                return Err(serde::de::Error::duplicate_field("complete"));
                            }
                            complete__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Settings => {
                            if settings__.is_some() {
                                return Err(serde::de::Error::duplicate_field("settings"));
                            }
                            settings__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ConntrackDetail {
                    count: count__,
                    max: max__,
                    stats: stats__.unwrap_or_default(),
                    entries: entries__.unwrap_or_default(),
                    complete: complete__.unwrap_or_default(),
                    settings: settings__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ConntrackDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ConntrackEntry {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.protocol.is_empty() {
            len += 1;
        }
        if !self.source.is_empty() {
            len += 1;
        }
        if !self.destination.is_empty() {
            len += 1;
        }
        if self.source_port != 0 {
            len += 1;
        }
        if self.destination_port != 0 {
            len += 1;
        }
        if !self.reply_source.is_empty() {
            len += 1;
        }
        if !self.reply_destination.is_empty() {
            len += 1;
        }
        if self.reply_source_port != 0 {
            len += 1;
        }
        if self.reply_destination_port != 0 {
            len += 1;
        }
        if !self.state.is_empty() {
            len += 1;
        }
        if self.timeout_s.is_some() {
            len += 1;
        }
        if self.seen_reply {
            len += 1;
        }
        if self.assured {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ConntrackEntry", len)?;
        if !self.protocol.is_empty() {
            struct_ser.serialize_field("protocol", &self.protocol)?;
        }
        if !self.source.is_empty() {
            struct_ser.serialize_field("source", &self.source)?;
        }
        if !self.destination.is_empty() {
            struct_ser.serialize_field("destination", &self.destination)?;
        }
        if self.source_port != 0 {
            struct_ser.serialize_field("source_port", &self.source_port)?;
        }
        if self.destination_port != 0 {
            struct_ser.serialize_field("destination_port", &self.destination_port)?;
        }
        if !self.reply_source.is_empty() {
            struct_ser.serialize_field("reply_source", &self.reply_source)?;
        }
        if !self.reply_destination.is_empty() {
            struct_ser.serialize_field("reply_destination", &self.reply_destination)?;
        }
        if self.reply_source_port != 0 {
            struct_ser.serialize_field("reply_source_port", &self.reply_source_port)?;
        }
        if self.reply_destination_port != 0 {
            struct_ser.serialize_field("reply_destination_port", &self.reply_destination_port)?;
        }
        if !self.state.is_empty() {
            struct_ser.serialize_field("state", &self.state)?;
        }
        if let Some(v) = self.timeout_s.as_ref() {
            struct_ser.serialize_field("timeout_s", v)?;
        }
        if self.seen_reply {
            struct_ser.serialize_field("seen_reply", &self.seen_reply)?;
        }
        if self.assured {
            struct_ser.serialize_field("assured", &self.assured)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ConntrackEntry {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "protocol",
            "source",
            "destination",
            "source_port",
            "sourcePort",
            "destination_port",
            "destinationPort",
            "reply_source",
            "replySource",
            "reply_destination",
            "replyDestination",
            "reply_source_port",
            "replySourcePort",
            "reply_destination_port",
            "replyDestinationPort",
            "state",
            "timeout_s",
            "timeoutS",
            "seen_reply",
            "seenReply",
            "assured",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Protocol,
            Source,
            Destination,
            SourcePort,
            DestinationPort,
            ReplySource,
            ReplyDestination,
            ReplySourcePort,
            ReplyDestinationPort,
            State,
            TimeoutS,
            SeenReply,
            Assured,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "protocol" => Ok(GeneratedField::Protocol),
                            "source" => Ok(GeneratedField::Source),
                            "destination" => Ok(GeneratedField::Destination),
                            "sourcePort" | "source_port" => Ok(GeneratedField::SourcePort),
                            "destinationPort" | "destination_port" => Ok(GeneratedField::DestinationPort),
                            "replySource" | "reply_source" => Ok(GeneratedField::ReplySource),
                            "replyDestination" | "reply_destination" => Ok(GeneratedField::ReplyDestination),
                            "replySourcePort" | "reply_source_port" => Ok(GeneratedField::ReplySourcePort),
                            "replyDestinationPort" | "reply_destination_port" => Ok(GeneratedField::ReplyDestinationPort),
                            "state" => Ok(GeneratedField::State),
                            "timeoutS" | "timeout_s" => Ok(GeneratedField::TimeoutS),
                            "seenReply" | "seen_reply" => Ok(GeneratedField::SeenReply),
                            "assured" => Ok(GeneratedField::Assured),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ConntrackEntry;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ConntrackEntry")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ConntrackEntry, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut protocol__ = None;
                let mut source__ = None;
                let mut destination__ = None;
                let mut source_port__ = None;
                let mut destination_port__ = None;
                let mut reply_source__ = None;
                let mut reply_destination__ = None;
                let mut reply_source_port__ = None;
                let mut reply_destination_port__ = None;
                let mut state__ = None;
                let mut timeout_s__ = None;
                let mut seen_reply__ = None;
                let mut assured__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Protocol => {
                            if protocol__.is_some() {
                                return Err(serde::de::Error::duplicate_field("protocol"));
                            }
                            protocol__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Source => {
                            if source__.is_some() {
                                return Err(serde::de::Error::duplicate_field("source"));
                            }
                            source__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Destination => {
                            if destination__.is_some() {
                                return Err(serde::de::Error::duplicate_field("destination"));
                            }
                            destination__ = Some(map_.next_value()?);
                        }
                        GeneratedField::SourcePort => {
                            if source_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sourcePort"));
                            }
                            source_port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::DestinationPort => {
                            if destination_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("destinationPort"));
                            }
                            destination_port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ReplySource => {
                            if reply_source__.is_some() {
                                return Err(serde::de::Error::duplicate_field("replySource"));
                            }
                            reply_source__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ReplyDestination => {
                            if reply_destination__.is_some() {
                                return Err(serde::de::Error::duplicate_field("replyDestination"));
                            }
                            reply_destination__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ReplySourcePort => {
                            if reply_source_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("replySourcePort"));
                            }
                            reply_source_port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ReplyDestinationPort => {
                            if reply_destination_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("replyDestinationPort"));
                            }
                            reply_destination_port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::State => {
                            if state__.is_some() {
                                return Err(serde::de::Error::duplicate_field("state"));
                            }
                            state__ = Some(map_.next_value()?);
                        }
                        GeneratedField::TimeoutS => {
                            if timeout_s__.is_some() {
                                return Err(serde::de::Error::duplicate_field("timeoutS"));
                            }
                            timeout_s__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::SeenReply => {
                            if seen_reply__.is_some() {
                                return Err(serde::de::Error::duplicate_field("seenReply"));
                            }
                            seen_reply__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Assured => {
                            if assured__.is_some() {
                                return Err(serde::de::Error::duplicate_field("assured"));
                            }
                            assured__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ConntrackEntry {
                    protocol: protocol__.unwrap_or_default(),
                    source: source__.unwrap_or_default(),
                    destination: destination__.unwrap_or_default(),
                    source_port: source_port__.unwrap_or_default(),
                    destination_port: destination_port__.unwrap_or_default(),
                    reply_source: reply_source__.unwrap_or_default(),
                    reply_destination: reply_destination__.unwrap_or_default(),
                    reply_source_port: reply_source_port__.unwrap_or_default(),
                    reply_destination_port: reply_destination_port__.unwrap_or_default(),
                    state: state__.unwrap_or_default(),
                    timeout_s: timeout_s__,
                    seen_reply: seen_reply__.unwrap_or_default(),
                    assured: assured__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ConntrackEntry", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Counter {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if self.before != 0 {
            len += 1;
        }
        if self.after != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Counter", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if self.before != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("before", ToString::to_string(&self.before).as_str())?;
        }
        if self.after != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("after", ToString::to_string(&self.after).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Counter {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "before",
            "after",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Before,
            After,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "before" => Ok(GeneratedField::Before),
                            "after" => Ok(GeneratedField::After),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Counter;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Counter")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Counter, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut before__ = None;
                let mut after__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Before => {
                            if before__.is_some() {
                                return Err(serde::de::Error::duplicate_field("before"));
                            }
                            before__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::After => {
                            if after__.is_some() {
                                return Err(serde::de::Error::duplicate_field("after"));
                            }
                            after__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Counter {
                    name: name__.unwrap_or_default(),
                    before: before__.unwrap_or_default(),
                    after: after__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Counter", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for CounterDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.counters.is_empty() {
            len += 1;
        }
        if self.window_us != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.CounterDetail", len)?;
        if !self.counters.is_empty() {
            struct_ser.serialize_field("counters", &self.counters)?;
        }
        if self.window_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("window_us", ToString::to_string(&self.window_us).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for CounterDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "counters",
            "window_us",
            "windowUs",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Counters,
            WindowUs,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "counters" => Ok(GeneratedField::Counters),
                            "windowUs" | "window_us" => Ok(GeneratedField::WindowUs),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = CounterDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.CounterDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<CounterDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut counters__ = None;
                let mut window_us__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Counters => {
                            if counters__.is_some() {
                                return Err(serde::de::Error::duplicate_field("counters"));
                            }
                            counters__ = Some(map_.next_value()?);
                        }
                        GeneratedField::WindowUs => {
                            if window_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("windowUs"));
                            }
                            window_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(CounterDetail {
                    counters: counters__.unwrap_or_default(),
                    window_us: window_us__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.CounterDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for CreateTokenReply {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.token.is_empty() {
            len += 1;
        }
        if self.expires_us != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.CreateTokenReply", len)?;
        if !self.token.is_empty() {
            struct_ser.serialize_field("token", &self.token)?;
        }
        if self.expires_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("expires_us", ToString::to_string(&self.expires_us).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for CreateTokenReply {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "token",
            "expires_us",
            "expiresUs",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Token,
            ExpiresUs,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "token" => Ok(GeneratedField::Token),
                            "expiresUs" | "expires_us" => Ok(GeneratedField::ExpiresUs),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = CreateTokenReply;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.CreateTokenReply")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<CreateTokenReply, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut token__ = None;
                let mut expires_us__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Token => {
                            if token__.is_some() {
                                return Err(serde::de::Error::duplicate_field("token"));
                            }
                            token__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ExpiresUs => {
                            if expires_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("expiresUs"));
                            }
                            expires_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(CreateTokenReply {
                    token: token__.unwrap_or_default(),
                    expires_us: expires_us__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.CreateTokenReply", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for CreateTokenRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.role.is_empty() {
            len += 1;
        }
        if !self.name.is_empty() {
            len += 1;
        }
        if self.ttl_s != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.CreateTokenRequest", len)?;
        if !self.role.is_empty() {
            struct_ser.serialize_field("role", &self.role)?;
        }
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if self.ttl_s != 0 {
            struct_ser.serialize_field("ttl_s", &self.ttl_s)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for CreateTokenRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "role",
            "name",
            "ttl_s",
            "ttlS",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Role,
            Name,
            TtlS,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "role" => Ok(GeneratedField::Role),
                            "name" => Ok(GeneratedField::Name),
                            "ttlS" | "ttl_s" => Ok(GeneratedField::TtlS),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = CreateTokenRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.CreateTokenRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<CreateTokenRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut role__ = None;
                let mut name__ = None;
                let mut ttl_s__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Role => {
                            if role__.is_some() {
                                return Err(serde::de::Error::duplicate_field("role"));
                            }
                            role__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::TtlS => {
                            if ttl_s__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ttlS"));
                            }
                            ttl_s__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(CreateTokenRequest {
                    role: role__.unwrap_or_default(),
                    name: name__.unwrap_or_default(),
                    ttl_s: ttl_s__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.CreateTokenRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for DescribeRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.wanted.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.DescribeRequest", len)?;
        if !self.wanted.is_empty() {
            struct_ser.serialize_field("wanted", &self.wanted)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DescribeRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "wanted",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Wanted,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "wanted" => Ok(GeneratedField::Wanted),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DescribeRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.DescribeRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DescribeRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut wanted__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Wanted => {
                            if wanted__.is_some() {
                                return Err(serde::de::Error::duplicate_field("wanted"));
                            }
                            wanted__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(DescribeRequest {
                    wanted: wanted__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.DescribeRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Description {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.version.is_empty() {
            len += 1;
        }
        if !self.vantages.is_empty() {
            len += 1;
        }
        if self.protocol != 0 {
            len += 1;
        }
        if !self.spool.is_empty() {
            len += 1;
        }
        if self.spooled != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Description", len)?;
        if !self.version.is_empty() {
            struct_ser.serialize_field("version", &self.version)?;
        }
        if !self.vantages.is_empty() {
            struct_ser.serialize_field("vantages", &self.vantages)?;
        }
        if self.protocol != 0 {
            struct_ser.serialize_field("protocol", &self.protocol)?;
        }
        if !self.spool.is_empty() {
            struct_ser.serialize_field("spool", &self.spool)?;
        }
        if self.spooled != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("spooled", ToString::to_string(&self.spooled).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Description {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "version",
            "vantages",
            "protocol",
            "spool",
            "spooled",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Version,
            Vantages,
            Protocol,
            Spool,
            Spooled,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "version" => Ok(GeneratedField::Version),
                            "vantages" => Ok(GeneratedField::Vantages),
                            "protocol" => Ok(GeneratedField::Protocol),
                            "spool" => Ok(GeneratedField::Spool),
                            "spooled" => Ok(GeneratedField::Spooled),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Description;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Description")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Description, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut version__ = None;
                let mut vantages__ = None;
                let mut protocol__ = None;
                let mut spool__ = None;
                let mut spooled__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Vantages => {
                            if vantages__.is_some() {
                                return Err(serde::de::Error::duplicate_field("vantages"));
                            }
                            vantages__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Protocol => {
                            if protocol__.is_some() {
                                return Err(serde::de::Error::duplicate_field("protocol"));
                            }
                            protocol__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Spool => {
                            if spool__.is_some() {
                                return Err(serde::de::Error::duplicate_field("spool"));
                            }
                            spool__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Spooled => {
                            if spooled__.is_some() {
                                return Err(serde::de::Error::duplicate_field("spooled"));
                            }
                            spooled__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Description {
                    version: version__.unwrap_or_default(),
                    vantages: vantages__.unwrap_or_default(),
                    protocol: protocol__.unwrap_or_default(),
                    spool: spool__.unwrap_or_default(),
                    spooled: spooled__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Description", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for DiagnoseEvent {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.event.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.DiagnoseEvent", len)?;
        if let Some(v) = self.event.as_ref() {
            match v {
                diagnose_event::Event::Started(v) => {
                    struct_ser.serialize_field("started", v)?;
                }
                diagnose_event::Event::Round(v) => {
                    struct_ser.serialize_field("round", v)?;
                }
                diagnose_event::Event::Item(v) => {
                    struct_ser.serialize_field("item", v)?;
                }
                diagnose_event::Event::VantageDone(v) => {
                    struct_ser.serialize_field("vantage_done", v)?;
                }
                diagnose_event::Event::Finished(v) => {
                    struct_ser.serialize_field("finished", v)?;
                }
            }
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DiagnoseEvent {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "started",
            "round",
            "item",
            "vantage_done",
            "vantageDone",
            "finished",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Started,
            Round,
            Item,
            VantageDone,
            Finished,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "started" => Ok(GeneratedField::Started),
                            "round" => Ok(GeneratedField::Round),
                            "item" => Ok(GeneratedField::Item),
                            "vantageDone" | "vantage_done" => Ok(GeneratedField::VantageDone),
                            "finished" => Ok(GeneratedField::Finished),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DiagnoseEvent;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.DiagnoseEvent")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DiagnoseEvent, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut event__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Started => {
                            if event__.is_some() {
                                return Err(serde::de::Error::duplicate_field("started"));
                            }
                            event__ = map_.next_value::<::std::option::Option<_>>()?.map(diagnose_event::Event::Started)
;
                        }
                        GeneratedField::Round => {
                            if event__.is_some() {
                                return Err(serde::de::Error::duplicate_field("round"));
                            }
                            event__ = map_.next_value::<::std::option::Option<_>>()?.map(diagnose_event::Event::Round)
;
                        }
                        GeneratedField::Item => {
                            if event__.is_some() {
                                return Err(serde::de::Error::duplicate_field("item"));
                            }
                            event__ = map_.next_value::<::std::option::Option<_>>()?.map(diagnose_event::Event::Item)
;
                        }
                        GeneratedField::VantageDone => {
                            if event__.is_some() {
                                return Err(serde::de::Error::duplicate_field("vantageDone"));
                            }
                            event__ = map_.next_value::<::std::option::Option<_>>()?.map(diagnose_event::Event::VantageDone)
;
                        }
                        GeneratedField::Finished => {
                            if event__.is_some() {
                                return Err(serde::de::Error::duplicate_field("finished"));
                            }
                            event__ = map_.next_value::<::std::option::Option<_>>()?.map(diagnose_event::Event::Finished)
;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(DiagnoseEvent {
                    event: event__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.DiagnoseEvent", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for DiagnoseRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.target.is_some() {
            len += 1;
        }
        if self.want.is_some() {
            len += 1;
        }
        if !self.from.is_empty() {
            len += 1;
        }
        if self.deadline_ms != 0 {
            len += 1;
        }
        if !self.command.is_empty() {
            len += 1;
        }
        if self.quick {
            len += 1;
        }
        if !self.attachments.is_empty() {
            len += 1;
        }
        if !self.resume.is_empty() {
            len += 1;
        }
        if !self.to.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.DiagnoseRequest", len)?;
        if let Some(v) = self.target.as_ref() {
            struct_ser.serialize_field("target", v)?;
        }
        if let Some(v) = self.want.as_ref() {
            struct_ser.serialize_field("want", v)?;
        }
        if !self.from.is_empty() {
            struct_ser.serialize_field("from", &self.from)?;
        }
        if self.deadline_ms != 0 {
            struct_ser.serialize_field("deadline_ms", &self.deadline_ms)?;
        }
        if !self.command.is_empty() {
            struct_ser.serialize_field("command", &self.command)?;
        }
        if self.quick {
            struct_ser.serialize_field("quick", &self.quick)?;
        }
        if !self.attachments.is_empty() {
            struct_ser.serialize_field("attachments", &self.attachments)?;
        }
        if !self.resume.is_empty() {
            struct_ser.serialize_field("resume", &self.resume)?;
        }
        if !self.to.is_empty() {
            struct_ser.serialize_field("to", &self.to)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DiagnoseRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "target",
            "want",
            "from",
            "deadline_ms",
            "deadlineMs",
            "command",
            "quick",
            "attachments",
            "resume",
            "to",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Target,
            Want,
            From,
            DeadlineMs,
            Command,
            Quick,
            Attachments,
            Resume,
            To,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "target" => Ok(GeneratedField::Target),
                            "want" => Ok(GeneratedField::Want),
                            "from" => Ok(GeneratedField::From),
                            "deadlineMs" | "deadline_ms" => Ok(GeneratedField::DeadlineMs),
                            "command" => Ok(GeneratedField::Command),
                            "quick" => Ok(GeneratedField::Quick),
                            "attachments" => Ok(GeneratedField::Attachments),
                            "resume" => Ok(GeneratedField::Resume),
                            "to" => Ok(GeneratedField::To),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DiagnoseRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.DiagnoseRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DiagnoseRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut target__ = None;
                let mut want__ = None;
                let mut from__ = None;
                let mut deadline_ms__ = None;
                let mut command__ = None;
                let mut quick__ = None;
                let mut attachments__ = None;
                let mut resume__ = None;
                let mut to__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Target => {
                            if target__.is_some() {
                                return Err(serde::de::Error::duplicate_field("target"));
                            }
                            target__ = map_.next_value()?;
                        }
                        GeneratedField::Want => {
                            if want__.is_some() {
                                return Err(serde::de::Error::duplicate_field("want"));
                            }
                            want__ = map_.next_value()?;
                        }
                        GeneratedField::From => {
                            if from__.is_some() {
                                return Err(serde::de::Error::duplicate_field("from"));
                            }
                            from__ = Some(map_.next_value()?);
                        }
                        GeneratedField::DeadlineMs => {
                            if deadline_ms__.is_some() {
                                return Err(serde::de::Error::duplicate_field("deadlineMs"));
                            }
                            deadline_ms__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Command => {
                            if command__.is_some() {
                                return Err(serde::de::Error::duplicate_field("command"));
                            }
                            command__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Quick => {
                            if quick__.is_some() {
                                return Err(serde::de::Error::duplicate_field("quick"));
                            }
                            quick__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Attachments => {
                            if attachments__.is_some() {
                                return Err(serde::de::Error::duplicate_field("attachments"));
                            }
                            attachments__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Resume => {
                            if resume__.is_some() {
                                return Err(serde::de::Error::duplicate_field("resume"));
                            }
                            resume__ = Some(map_.next_value()?);
                        }
                        GeneratedField::To => {
                            if to__.is_some() {
                                return Err(serde::de::Error::duplicate_field("to"));
                            }
                            to__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(DiagnoseRequest {
                    target: target__,
                    want: want__,
                    from: from__.unwrap_or_default(),
                    deadline_ms: deadline_ms__.unwrap_or_default(),
                    command: command__.unwrap_or_default(),
                    quick: quick__.unwrap_or_default(),
                    attachments: attachments__.unwrap_or_default(),
                    resume: resume__.unwrap_or_default(),
                    to: to__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.DiagnoseRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for DnsDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.server.is_empty() {
            len += 1;
        }
        if !self.transport.is_empty() {
            len += 1;
        }
        if !self.question.is_empty() {
            len += 1;
        }
        if !self.r#type.is_empty() {
            len += 1;
        }
        if !self.rcode.is_empty() {
            len += 1;
        }
        if self.authoritative {
            len += 1;
        }
        if self.truncated {
            len += 1;
        }
        if self.recursion_available {
            len += 1;
        }
        if !self.answers.is_empty() {
            len += 1;
        }
        if self.response_bytes != 0 {
            len += 1;
        }
        if self.icmp.is_some() {
            len += 1;
        }
        if self.mismatched != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.DnsDetail", len)?;
        if !self.server.is_empty() {
            struct_ser.serialize_field("server", &self.server)?;
        }
        if !self.transport.is_empty() {
            struct_ser.serialize_field("transport", &self.transport)?;
        }
        if !self.question.is_empty() {
            struct_ser.serialize_field("question", &self.question)?;
        }
        if !self.r#type.is_empty() {
            struct_ser.serialize_field("type", &self.r#type)?;
        }
        if !self.rcode.is_empty() {
            struct_ser.serialize_field("rcode", &self.rcode)?;
        }
        if self.authoritative {
            struct_ser.serialize_field("authoritative", &self.authoritative)?;
        }
        if self.truncated {
            struct_ser.serialize_field("truncated", &self.truncated)?;
        }
        if self.recursion_available {
            struct_ser.serialize_field("recursion_available", &self.recursion_available)?;
        }
        if !self.answers.is_empty() {
            struct_ser.serialize_field("answers", &self.answers)?;
        }
        if self.response_bytes != 0 {
            struct_ser.serialize_field("response_bytes", &self.response_bytes)?;
        }
        if let Some(v) = self.icmp.as_ref() {
            struct_ser.serialize_field("icmp", v)?;
        }
        if self.mismatched != 0 {
            struct_ser.serialize_field("mismatched", &self.mismatched)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DnsDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "server",
            "transport",
            "question",
            "type",
            "rcode",
            "authoritative",
            "truncated",
            "recursion_available",
            "recursionAvailable",
            "answers",
            "response_bytes",
            "responseBytes",
            "icmp",
            "mismatched",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Server,
            Transport,
            Question,
            Type,
            Rcode,
            Authoritative,
            Truncated,
            RecursionAvailable,
            Answers,
            ResponseBytes,
            Icmp,
            Mismatched,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "server" => Ok(GeneratedField::Server),
                            "transport" => Ok(GeneratedField::Transport),
                            "question" => Ok(GeneratedField::Question),
                            "type" => Ok(GeneratedField::Type),
                            "rcode" => Ok(GeneratedField::Rcode),
                            "authoritative" => Ok(GeneratedField::Authoritative),
                            "truncated" => Ok(GeneratedField::Truncated),
                            "recursionAvailable" | "recursion_available" => Ok(GeneratedField::RecursionAvailable),
                            "answers" => Ok(GeneratedField::Answers),
                            "responseBytes" | "response_bytes" => Ok(GeneratedField::ResponseBytes),
                            "icmp" => Ok(GeneratedField::Icmp),
                            "mismatched" => Ok(GeneratedField::Mismatched),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DnsDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.DnsDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DnsDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut server__ = None;
                let mut transport__ = None;
                let mut question__ = None;
                let mut r#type__ = None;
                let mut rcode__ = None;
                let mut authoritative__ = None;
                let mut truncated__ = None;
                let mut recursion_available__ = None;
                let mut answers__ = None;
                let mut response_bytes__ = None;
                let mut icmp__ = None;
                let mut mismatched__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Server => {
                            if server__.is_some() {
                                return Err(serde::de::Error::duplicate_field("server"));
                            }
                            server__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Transport => {
                            if transport__.is_some() {
                                return Err(serde::de::Error::duplicate_field("transport"));
                            }
                            transport__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Question => {
                            if question__.is_some() {
                                return Err(serde::de::Error::duplicate_field("question"));
                            }
                            question__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Type => {
                            if r#type__.is_some() {
                                return Err(serde::de::Error::duplicate_field("type"));
                            }
                            r#type__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Rcode => {
                            if rcode__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rcode"));
                            }
                            rcode__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Authoritative => {
                            if authoritative__.is_some() {
                                return Err(serde::de::Error::duplicate_field("authoritative"));
                            }
                            authoritative__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Truncated => {
                            if truncated__.is_some() {
                                return Err(serde::de::Error::duplicate_field("truncated"));
                            }
                            truncated__ = Some(map_.next_value()?);
                        }
                        GeneratedField::RecursionAvailable => {
                            if recursion_available__.is_some() {
                                return Err(serde::de::Error::duplicate_field("recursionAvailable"));
                            }
                            recursion_available__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Answers => {
                            if answers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("answers"));
                            }
                            answers__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ResponseBytes => {
                            if response_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("responseBytes"));
                            }
                            response_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Icmp => {
                            if icmp__.is_some() {
                                return Err(serde::de::Error::duplicate_field("icmp"));
                            }
                            icmp__ = map_.next_value()?;
                        }
                        GeneratedField::Mismatched => {
                            if mismatched__.is_some() {
                                return Err(serde::de::Error::duplicate_field("mismatched"));
                            }
                            mismatched__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(DnsDetail {
                    server: server__.unwrap_or_default(),
                    transport: transport__.unwrap_or_default(),
                    question: question__.unwrap_or_default(),
                    r#type: r#type__.unwrap_or_default(),
                    rcode: rcode__.unwrap_or_default(),
                    authoritative: authoritative__.unwrap_or_default(),
                    truncated: truncated__.unwrap_or_default(),
                    recursion_available: recursion_available__.unwrap_or_default(),
                    answers: answers__.unwrap_or_default(),
                    response_bytes: response_bytes__.unwrap_or_default(),
                    icmp: icmp__,
                    mismatched: mismatched__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.DnsDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for DnsRecord {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.r#type.is_empty() {
            len += 1;
        }
        if self.ttl != 0 {
            len += 1;
        }
        if !self.data.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.DnsRecord", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.r#type.is_empty() {
            struct_ser.serialize_field("type", &self.r#type)?;
        }
        if self.ttl != 0 {
            struct_ser.serialize_field("ttl", &self.ttl)?;
        }
        if !self.data.is_empty() {
            struct_ser.serialize_field("data", &self.data)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DnsRecord {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "type",
            "ttl",
            "data",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Type,
            Ttl,
            Data,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "type" => Ok(GeneratedField::Type),
                            "ttl" => Ok(GeneratedField::Ttl),
                            "data" => Ok(GeneratedField::Data),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DnsRecord;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.DnsRecord")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DnsRecord, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut r#type__ = None;
                let mut ttl__ = None;
                let mut data__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Type => {
                            if r#type__.is_some() {
                                return Err(serde::de::Error::duplicate_field("type"));
                            }
                            r#type__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Ttl => {
                            if ttl__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ttl"));
                            }
                            ttl__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Data => {
                            if data__.is_some() {
                                return Err(serde::de::Error::duplicate_field("data"));
                            }
                            data__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(DnsRecord {
                    name: name__.unwrap_or_default(),
                    r#type: r#type__.unwrap_or_default(),
                    ttl: ttl__.unwrap_or_default(),
                    data: data__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.DnsRecord", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for DnsSpec {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.server.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.r#type.is_empty() {
            len += 1;
        }
        if !self.transport.is_empty() {
            len += 1;
        }
        if self.edns_bytes != 0 {
            len += 1;
        }
        if self.source_port != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.DnsSpec", len)?;
        if !self.server.is_empty() {
            struct_ser.serialize_field("server", &self.server)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.r#type.is_empty() {
            struct_ser.serialize_field("type", &self.r#type)?;
        }
        if !self.transport.is_empty() {
            struct_ser.serialize_field("transport", &self.transport)?;
        }
        if self.edns_bytes != 0 {
            struct_ser.serialize_field("edns_bytes", &self.edns_bytes)?;
        }
        if self.source_port != 0 {
            struct_ser.serialize_field("source_port", &self.source_port)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for DnsSpec {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "server",
            "port",
            "name",
            "type",
            "transport",
            "edns_bytes",
            "ednsBytes",
            "source_port",
            "sourcePort",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Server,
            Port,
            Name,
            Type,
            Transport,
            EdnsBytes,
            SourcePort,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "server" => Ok(GeneratedField::Server),
                            "port" => Ok(GeneratedField::Port),
                            "name" => Ok(GeneratedField::Name),
                            "type" => Ok(GeneratedField::Type),
                            "transport" => Ok(GeneratedField::Transport),
                            "ednsBytes" | "edns_bytes" => Ok(GeneratedField::EdnsBytes),
                            "sourcePort" | "source_port" => Ok(GeneratedField::SourcePort),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = DnsSpec;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.DnsSpec")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<DnsSpec, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut server__ = None;
                let mut port__ = None;
                let mut name__ = None;
                let mut r#type__ = None;
                let mut transport__ = None;
                let mut edns_bytes__ = None;
                let mut source_port__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Server => {
                            if server__.is_some() {
                                return Err(serde::de::Error::duplicate_field("server"));
                            }
                            server__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Type => {
                            if r#type__.is_some() {
                                return Err(serde::de::Error::duplicate_field("type"));
                            }
                            r#type__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Transport => {
                            if transport__.is_some() {
                                return Err(serde::de::Error::duplicate_field("transport"));
                            }
                            transport__ = Some(map_.next_value()?);
                        }
                        GeneratedField::EdnsBytes => {
                            if edns_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ednsBytes"));
                            }
                            edns_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::SourcePort => {
                            if source_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sourcePort"));
                            }
                            source_port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(DnsSpec {
                    server: server__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    name: name__.unwrap_or_default(),
                    r#type: r#type__.unwrap_or_default(),
                    transport: transport__.unwrap_or_default(),
                    edns_bytes: edns_bytes__.unwrap_or_default(),
                    source_port: source_port__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.DnsSpec", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for EndpointAddress {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.address.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if self.ready {
            len += 1;
        }
        if !self.node.is_empty() {
            len += 1;
        }
        if !self.pod.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.EndpointAddress", len)?;
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if self.ready {
            struct_ser.serialize_field("ready", &self.ready)?;
        }
        if !self.node.is_empty() {
            struct_ser.serialize_field("node", &self.node)?;
        }
        if !self.pod.is_empty() {
            struct_ser.serialize_field("pod", &self.pod)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for EndpointAddress {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "address",
            "port",
            "ready",
            "node",
            "pod",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Address,
            Port,
            Ready,
            Node,
            Pod,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "address" => Ok(GeneratedField::Address),
                            "port" => Ok(GeneratedField::Port),
                            "ready" => Ok(GeneratedField::Ready),
                            "node" => Ok(GeneratedField::Node),
                            "pod" => Ok(GeneratedField::Pod),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = EndpointAddress;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.EndpointAddress")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<EndpointAddress, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut address__ = None;
                let mut port__ = None;
                let mut ready__ = None;
                let mut node__ = None;
                let mut pod__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Ready => {
                            if ready__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ready"));
                            }
                            ready__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Node => {
                            if node__.is_some() {
                                return Err(serde::de::Error::duplicate_field("node"));
                            }
                            node__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Pod => {
                            if pod__.is_some() {
                                return Err(serde::de::Error::duplicate_field("pod"));
                            }
                            pod__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(EndpointAddress {
                    address: address__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    ready: ready__.unwrap_or_default(),
                    node: node__.unwrap_or_default(),
                    pod: pod__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.EndpointAddress", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for EnrollRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.token.is_empty() {
            len += 1;
        }
        if !self.csr.is_empty() {
            len += 1;
        }
        if !self.name.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.EnrollRequest", len)?;
        if !self.token.is_empty() {
            struct_ser.serialize_field("token", &self.token)?;
        }
        if !self.csr.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("csr", pbjson::private::base64::encode(&self.csr).as_str())?;
        }
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for EnrollRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "token",
            "csr",
            "name",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Token,
            Csr,
            Name,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "token" => Ok(GeneratedField::Token),
                            "csr" => Ok(GeneratedField::Csr),
                            "name" => Ok(GeneratedField::Name),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = EnrollRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.EnrollRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<EnrollRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut token__ = None;
                let mut csr__ = None;
                let mut name__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Token => {
                            if token__.is_some() {
                                return Err(serde::de::Error::duplicate_field("token"));
                            }
                            token__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Csr => {
                            if csr__.is_some() {
                                return Err(serde::de::Error::duplicate_field("csr"));
                            }
                            csr__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(EnrollRequest {
                    token: token__.unwrap_or_default(),
                    csr: csr__.unwrap_or_default(),
                    name: name__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.EnrollRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Failure {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.stage.is_empty() {
            len += 1;
        }
        if !self.operation.is_empty() {
            len += 1;
        }
        if !self.errno_name.is_empty() {
            len += 1;
        }
        if self.errno != 0 {
            len += 1;
        }
        if !self.text.is_empty() {
            len += 1;
        }
        if !self.side.is_empty() {
            len += 1;
        }
        if !self.how.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Failure", len)?;
        if !self.stage.is_empty() {
            struct_ser.serialize_field("stage", &self.stage)?;
        }
        if !self.operation.is_empty() {
            struct_ser.serialize_field("operation", &self.operation)?;
        }
        if !self.errno_name.is_empty() {
            struct_ser.serialize_field("errno_name", &self.errno_name)?;
        }
        if self.errno != 0 {
            struct_ser.serialize_field("errno", &self.errno)?;
        }
        if !self.text.is_empty() {
            struct_ser.serialize_field("text", &self.text)?;
        }
        if !self.side.is_empty() {
            struct_ser.serialize_field("side", &self.side)?;
        }
        if !self.how.is_empty() {
            struct_ser.serialize_field("how", &self.how)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Failure {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "stage",
            "operation",
            "errno_name",
            "errnoName",
            "errno",
            "text",
            "side",
            "how",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Stage,
            Operation,
            ErrnoName,
            Errno,
            Text,
            Side,
            How,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "stage" => Ok(GeneratedField::Stage),
                            "operation" => Ok(GeneratedField::Operation),
                            "errnoName" | "errno_name" => Ok(GeneratedField::ErrnoName),
                            "errno" => Ok(GeneratedField::Errno),
                            "text" => Ok(GeneratedField::Text),
                            "side" => Ok(GeneratedField::Side),
                            "how" => Ok(GeneratedField::How),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Failure;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Failure")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Failure, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut stage__ = None;
                let mut operation__ = None;
                let mut errno_name__ = None;
                let mut errno__ = None;
                let mut text__ = None;
                let mut side__ = None;
                let mut how__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Stage => {
                            if stage__.is_some() {
                                return Err(serde::de::Error::duplicate_field("stage"));
                            }
                            stage__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Operation => {
                            if operation__.is_some() {
                                return Err(serde::de::Error::duplicate_field("operation"));
                            }
                            operation__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ErrnoName => {
                            if errno_name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("errnoName"));
                            }
                            errno_name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Errno => {
                            if errno__.is_some() {
                                return Err(serde::de::Error::duplicate_field("errno"));
                            }
                            errno__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Text => {
                            if text__.is_some() {
                                return Err(serde::de::Error::duplicate_field("text"));
                            }
                            text__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Side => {
                            if side__.is_some() {
                                return Err(serde::de::Error::duplicate_field("side"));
                            }
                            side__ = Some(map_.next_value()?);
                        }
                        GeneratedField::How => {
                            if how__.is_some() {
                                return Err(serde::de::Error::duplicate_field("how"));
                            }
                            how__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Failure {
                    stage: stage__.unwrap_or_default(),
                    operation: operation__.unwrap_or_default(),
                    errno_name: errno_name__.unwrap_or_default(),
                    errno: errno__.unwrap_or_default(),
                    text: text__.unwrap_or_default(),
                    side: side__.unwrap_or_default(),
                    how: how__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Failure", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Finished {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.report.is_empty() {
            len += 1;
        }
        if !self.report_sha256.is_empty() {
            len += 1;
        }
        if !self.saved.is_empty() {
            len += 1;
        }
        if !self.save_error.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Finished", len)?;
        if !self.report.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("report", pbjson::private::base64::encode(&self.report).as_str())?;
        }
        if !self.report_sha256.is_empty() {
            struct_ser.serialize_field("report_sha256", &self.report_sha256)?;
        }
        if !self.saved.is_empty() {
            struct_ser.serialize_field("saved", &self.saved)?;
        }
        if !self.save_error.is_empty() {
            struct_ser.serialize_field("save_error", &self.save_error)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Finished {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "report",
            "report_sha256",
            "reportSha256",
            "saved",
            "save_error",
            "saveError",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Report,
            ReportSha256,
            Saved,
            SaveError,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "report" => Ok(GeneratedField::Report),
                            "reportSha256" | "report_sha256" => Ok(GeneratedField::ReportSha256),
                            "saved" => Ok(GeneratedField::Saved),
                            "saveError" | "save_error" => Ok(GeneratedField::SaveError),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Finished;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Finished")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Finished, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut report__ = None;
                let mut report_sha256__ = None;
                let mut saved__ = None;
                let mut save_error__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Report => {
                            if report__.is_some() {
                                return Err(serde::de::Error::duplicate_field("report"));
                            }
                            report__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ReportSha256 => {
                            if report_sha256__.is_some() {
                                return Err(serde::de::Error::duplicate_field("reportSha256"));
                            }
                            report_sha256__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Saved => {
                            if saved__.is_some() {
                                return Err(serde::de::Error::duplicate_field("saved"));
                            }
                            saved__ = Some(map_.next_value()?);
                        }
                        GeneratedField::SaveError => {
                            if save_error__.is_some() {
                                return Err(serde::de::Error::duplicate_field("saveError"));
                            }
                            save_error__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Finished {
                    report: report__.unwrap_or_default(),
                    report_sha256: report_sha256__.unwrap_or_default(),
                    saved: saved__.unwrap_or_default(),
                    save_error: save_error__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Finished", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for FirewallDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.rules.is_empty() {
            len += 1;
        }
        if !self.policies.is_empty() {
            len += 1;
        }
        if self.generation != 0 {
            len += 1;
        }
        if self.rules_seen != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.FirewallDetail", len)?;
        if !self.rules.is_empty() {
            struct_ser.serialize_field("rules", &self.rules)?;
        }
        if !self.policies.is_empty() {
            struct_ser.serialize_field("policies", &self.policies)?;
        }
        if self.generation != 0 {
            struct_ser.serialize_field("generation", &self.generation)?;
        }
        if self.rules_seen != 0 {
            struct_ser.serialize_field("rules_seen", &self.rules_seen)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for FirewallDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "rules",
            "policies",
            "generation",
            "rules_seen",
            "rulesSeen",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Rules,
            Policies,
            Generation,
            RulesSeen,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "rules" => Ok(GeneratedField::Rules),
                            "policies" => Ok(GeneratedField::Policies),
                            "generation" => Ok(GeneratedField::Generation),
                            "rulesSeen" | "rules_seen" => Ok(GeneratedField::RulesSeen),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = FirewallDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.FirewallDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<FirewallDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut rules__ = None;
                let mut policies__ = None;
                let mut generation__ = None;
                let mut rules_seen__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Rules => {
                            if rules__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rules"));
                            }
                            rules__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Policies => {
                            if policies__.is_some() {
                                return Err(serde::de::Error::duplicate_field("policies"));
                            }
                            policies__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Generation => {
                            if generation__.is_some() {
                                return Err(serde::de::Error::duplicate_field("generation"));
                            }
                            generation__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::RulesSeen => {
                            if rules_seen__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rulesSeen"));
                            }
                            rules_seen__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(FirewallDetail {
                    rules: rules__.unwrap_or_default(),
                    policies: policies__.unwrap_or_default(),
                    generation: generation__.unwrap_or_default(),
                    rules_seen: rules_seen__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.FirewallDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for FirewallRule {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.family.is_empty() {
            len += 1;
        }
        if !self.table.is_empty() {
            len += 1;
        }
        if !self.chain.is_empty() {
            len += 1;
        }
        if !self.hook.is_empty() {
            len += 1;
        }
        if self.handle != 0 {
            len += 1;
        }
        if !self.text.is_empty() {
            len += 1;
        }
        if !self.verdict.is_empty() {
            len += 1;
        }
        if self.understood {
            len += 1;
        }
        if !self.source.is_empty() {
            len += 1;
        }
        if !self.destination.is_empty() {
            len += 1;
        }
        if !self.protocol.is_empty() {
            len += 1;
        }
        if !self.source_port.is_empty() {
            len += 1;
        }
        if !self.destination_port.is_empty() {
            len += 1;
        }
        if !self.length.is_empty() {
            len += 1;
        }
        if !self.in_interface.is_empty() {
            len += 1;
        }
        if !self.out_interface.is_empty() {
            len += 1;
        }
        if !self.ct_state.is_empty() {
            len += 1;
        }
        if self.packets.is_some() {
            len += 1;
        }
        if self.bytes.is_some() {
            len += 1;
        }
        if !self.to.is_empty() {
            len += 1;
        }
        if !self.comment.is_empty() {
            len += 1;
        }
        if self.sometimes {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.FirewallRule", len)?;
        if !self.family.is_empty() {
            struct_ser.serialize_field("family", &self.family)?;
        }
        if !self.table.is_empty() {
            struct_ser.serialize_field("table", &self.table)?;
        }
        if !self.chain.is_empty() {
            struct_ser.serialize_field("chain", &self.chain)?;
        }
        if !self.hook.is_empty() {
            struct_ser.serialize_field("hook", &self.hook)?;
        }
        if self.handle != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("handle", ToString::to_string(&self.handle).as_str())?;
        }
        if !self.text.is_empty() {
            struct_ser.serialize_field("text", &self.text)?;
        }
        if !self.verdict.is_empty() {
            struct_ser.serialize_field("verdict", &self.verdict)?;
        }
        if self.understood {
            struct_ser.serialize_field("understood", &self.understood)?;
        }
        if !self.source.is_empty() {
            struct_ser.serialize_field("source", &self.source)?;
        }
        if !self.destination.is_empty() {
            struct_ser.serialize_field("destination", &self.destination)?;
        }
        if !self.protocol.is_empty() {
            struct_ser.serialize_field("protocol", &self.protocol)?;
        }
        if !self.source_port.is_empty() {
            struct_ser.serialize_field("source_port", &self.source_port)?;
        }
        if !self.destination_port.is_empty() {
            struct_ser.serialize_field("destination_port", &self.destination_port)?;
        }
        if !self.length.is_empty() {
            struct_ser.serialize_field("length", &self.length)?;
        }
        if !self.in_interface.is_empty() {
            struct_ser.serialize_field("in_interface", &self.in_interface)?;
        }
        if !self.out_interface.is_empty() {
            struct_ser.serialize_field("out_interface", &self.out_interface)?;
        }
        if !self.ct_state.is_empty() {
            struct_ser.serialize_field("ct_state", &self.ct_state)?;
        }
        if let Some(v) = self.packets.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("packets", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.bytes.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("bytes", ToString::to_string(&v).as_str())?;
        }
        if !self.to.is_empty() {
            struct_ser.serialize_field("to", &self.to)?;
        }
        if !self.comment.is_empty() {
            struct_ser.serialize_field("comment", &self.comment)?;
        }
        if self.sometimes {
            struct_ser.serialize_field("sometimes", &self.sometimes)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for FirewallRule {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "family",
            "table",
            "chain",
            "hook",
            "handle",
            "text",
            "verdict",
            "understood",
            "source",
            "destination",
            "protocol",
            "source_port",
            "sourcePort",
            "destination_port",
            "destinationPort",
            "length",
            "in_interface",
            "inInterface",
            "out_interface",
            "outInterface",
            "ct_state",
            "ctState",
            "packets",
            "bytes",
            "to",
            "comment",
            "sometimes",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Family,
            Table,
            Chain,
            Hook,
            Handle,
            Text,
            Verdict,
            Understood,
            Source,
            Destination,
            Protocol,
            SourcePort,
            DestinationPort,
            Length,
            InInterface,
            OutInterface,
            CtState,
            Packets,
            Bytes,
            To,
            Comment,
            Sometimes,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "family" => Ok(GeneratedField::Family),
                            "table" => Ok(GeneratedField::Table),
                            "chain" => Ok(GeneratedField::Chain),
                            "hook" => Ok(GeneratedField::Hook),
                            "handle" => Ok(GeneratedField::Handle),
                            "text" => Ok(GeneratedField::Text),
                            "verdict" => Ok(GeneratedField::Verdict),
                            "understood" => Ok(GeneratedField::Understood),
                            "source" => Ok(GeneratedField::Source),
                            "destination" => Ok(GeneratedField::Destination),
                            "protocol" => Ok(GeneratedField::Protocol),
                            "sourcePort" | "source_port" => Ok(GeneratedField::SourcePort),
                            "destinationPort" | "destination_port" => Ok(GeneratedField::DestinationPort),
                            "length" => Ok(GeneratedField::Length),
                            "inInterface" | "in_interface" => Ok(GeneratedField::InInterface),
                            "outInterface" | "out_interface" => Ok(GeneratedField::OutInterface),
                            "ctState" | "ct_state" => Ok(GeneratedField::CtState),
                            "packets" => Ok(GeneratedField::Packets),
                            "bytes" => Ok(GeneratedField::Bytes),
                            "to" => Ok(GeneratedField::To),
                            "comment" => Ok(GeneratedField::Comment),
                            "sometimes" => Ok(GeneratedField::Sometimes),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = FirewallRule;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.FirewallRule")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<FirewallRule, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut family__ = None;
                let mut table__ = None;
                let mut chain__ = None;
                let mut hook__ = None;
                let mut handle__ = None;
                let mut text__ = None;
                let mut verdict__ = None;
                let mut understood__ = None;
                let mut source__ = None;
                let mut destination__ = None;
                let mut protocol__ = None;
                let mut source_port__ = None;
                let mut destination_port__ = None;
                let mut length__ = None;
                let mut in_interface__ = None;
                let mut out_interface__ = None;
                let mut ct_state__ = None;
                let mut packets__ = None;
                let mut bytes__ = None;
                let mut to__ = None;
                let mut comment__ = None;
                let mut sometimes__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Family => {
                            if family__.is_some() {
                                return Err(serde::de::Error::duplicate_field("family"));
                            }
                            family__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Table => {
                            if table__.is_some() {
                                return Err(serde::de::Error::duplicate_field("table"));
                            }
                            table__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Chain => {
                            if chain__.is_some() {
                                return Err(serde::de::Error::duplicate_field("chain"));
                            }
                            chain__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Hook => {
                            if hook__.is_some() {
                                return Err(serde::de::Error::duplicate_field("hook"));
                            }
                            hook__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Handle => {
                            if handle__.is_some() {
                                return Err(serde::de::Error::duplicate_field("handle"));
                            }
                            handle__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Text => {
                            if text__.is_some() {
                                return Err(serde::de::Error::duplicate_field("text"));
                            }
                            text__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Verdict => {
                            if verdict__.is_some() {
                                return Err(serde::de::Error::duplicate_field("verdict"));
                            }
                            verdict__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Understood => {
                            if understood__.is_some() {
                                return Err(serde::de::Error::duplicate_field("understood"));
                            }
                            understood__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Source => {
                            if source__.is_some() {
                                return Err(serde::de::Error::duplicate_field("source"));
                            }
                            source__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Destination => {
                            if destination__.is_some() {
                                return Err(serde::de::Error::duplicate_field("destination"));
                            }
                            destination__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Protocol => {
                            if protocol__.is_some() {
                                return Err(serde::de::Error::duplicate_field("protocol"));
                            }
                            protocol__ = Some(map_.next_value()?);
                        }
                        GeneratedField::SourcePort => {
                            if source_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sourcePort"));
                            }
                            source_port__ = Some(map_.next_value()?);
                        }
                        GeneratedField::DestinationPort => {
                            if destination_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("destinationPort"));
                            }
                            destination_port__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Length => {
                            if length__.is_some() {
                                return Err(serde::de::Error::duplicate_field("length"));
                            }
                            length__ = Some(map_.next_value()?);
                        }
                        GeneratedField::InInterface => {
                            if in_interface__.is_some() {
                                return Err(serde::de::Error::duplicate_field("inInterface"));
                            }
                            in_interface__ = Some(map_.next_value()?);
                        }
                        GeneratedField::OutInterface => {
                            if out_interface__.is_some() {
                                return Err(serde::de::Error::duplicate_field("outInterface"));
                            }
                            out_interface__ = Some(map_.next_value()?);
                        }
                        GeneratedField::CtState => {
                            if ct_state__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ctState"));
                            }
                            ct_state__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Packets => {
                            if packets__.is_some() {
                                return Err(serde::de::Error::duplicate_field("packets"));
                            }
                            packets__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Bytes => {
                            if bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bytes"));
                            }
                            bytes__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::To => {
                            if to__.is_some() {
                                return Err(serde::de::Error::duplicate_field("to"));
                            }
                            to__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Comment => {
                            if comment__.is_some() {
                                return Err(serde::de::Error::duplicate_field("comment"));
                            }
                            comment__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Sometimes => {
                            if sometimes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sometimes"));
                            }
                            sometimes__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(FirewallRule {
                    family: family__.unwrap_or_default(),
                    table: table__.unwrap_or_default(),
                    chain: chain__.unwrap_or_default(),
                    hook: hook__.unwrap_or_default(),
                    handle: handle__.unwrap_or_default(),
                    text: text__.unwrap_or_default(),
                    verdict: verdict__.unwrap_or_default(),
                    understood: understood__.unwrap_or_default(),
                    source: source__.unwrap_or_default(),
                    destination: destination__.unwrap_or_default(),
                    protocol: protocol__.unwrap_or_default(),
                    source_port: source_port__.unwrap_or_default(),
                    destination_port: destination_port__.unwrap_or_default(),
                    length: length__.unwrap_or_default(),
                    in_interface: in_interface__.unwrap_or_default(),
                    out_interface: out_interface__.unwrap_or_default(),
                    ct_state: ct_state__.unwrap_or_default(),
                    packets: packets__,
                    bytes: bytes__,
                    to: to__.unwrap_or_default(),
                    comment: comment__.unwrap_or_default(),
                    sometimes: sometimes__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.FirewallRule", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Flow {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        let variant = match self {
            Self::Unspecified => "FLOW_UNSPECIFIED",
            Self::Fresh => "FLOW_FRESH",
            Self::FixedPort => "FLOW_FIXED_PORT",
            Self::Reused => "FLOW_REUSED",
            Self::AgedIdle => "FLOW_AGED_IDLE",
        };
        serializer.serialize_str(variant)
    }
}
impl<'de> serde::Deserialize<'de> for Flow {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "FLOW_UNSPECIFIED",
            "FLOW_FRESH",
            "FLOW_FIXED_PORT",
            "FLOW_REUSED",
            "FLOW_AGED_IDLE",
        ];

        struct GeneratedVisitor;

        impl serde::de::Visitor<'_> for GeneratedVisitor {
            type Value = Flow;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, "expected one of: {:?}", &FIELDS)
            }

            fn visit_i64<E>(self, v: i64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok().or_else(|| Some(Flow::default())))
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Signed(v), &self)
                    })
            }

            fn visit_u64<E>(self, v: u64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok().or_else(|| Some(Flow::default())))
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Unsigned(v), &self)
                    })
            }

            fn visit_str<E>(self, value: &str) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                match value {
                    "FLOW_UNSPECIFIED" => Ok(Flow::Unspecified),
                    "FLOW_FRESH" => Ok(Flow::Fresh),
                    "FLOW_FIXED_PORT" => Ok(Flow::FixedPort),
                    "FLOW_REUSED" => Ok(Flow::Reused),
                    "FLOW_AGED_IDLE" => Ok(Flow::AgedIdle),
                    _ => Ok(Flow::default()),
                }
            }
        }
        deserializer.deserialize_any(GeneratedVisitor)
    }
}
impl serde::Serialize for GetRunRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.run.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.GetRunRequest", len)?;
        if !self.run.is_empty() {
            struct_ser.serialize_field("run", &self.run)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for GetRunRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "run",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Run,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "run" => Ok(GeneratedField::Run),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = GetRunRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.GetRunRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<GetRunRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut run__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Run => {
                            if run__.is_some() {
                                return Err(serde::de::Error::duplicate_field("run"));
                            }
                            run__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(GetRunRequest {
                    run: run__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.GetRunRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Header {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.value.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Header", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.value.is_empty() {
            struct_ser.serialize_field("value", &self.value)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Header {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "value",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Value,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "value" => Ok(GeneratedField::Value),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Header;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Header")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Header, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut value__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Value => {
                            if value__.is_some() {
                                return Err(serde::de::Error::duplicate_field("value"));
                            }
                            value__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Header {
                    name: name__.unwrap_or_default(),
                    value: value__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Header", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for HttpDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.status != 0 {
            len += 1;
        }
        if !self.reason.is_empty() {
            len += 1;
        }
        if !self.version.is_empty() {
            len += 1;
        }
        if !self.headers.is_empty() {
            len += 1;
        }
        if self.first_byte_us.is_some() {
            len += 1;
        }
        if self.total_us.is_some() {
            len += 1;
        }
        if self.body_bytes_sent != 0 {
            len += 1;
        }
        if self.body_bytes_received != 0 {
            len += 1;
        }
        if self.complete {
            len += 1;
        }
        if self.bounded {
            len += 1;
        }
        if !self.informational.is_empty() {
            len += 1;
        }
        if self.answered_early {
            len += 1;
        }
        if self.failed_at_us.is_some() {
            len += 1;
        }
        if self.reuse.is_some() {
            len += 1;
        }
        if self.proxy.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.HttpDetail", len)?;
        if self.status != 0 {
            struct_ser.serialize_field("status", &self.status)?;
        }
        if !self.reason.is_empty() {
            struct_ser.serialize_field("reason", &self.reason)?;
        }
        if !self.version.is_empty() {
            struct_ser.serialize_field("version", &self.version)?;
        }
        if !self.headers.is_empty() {
            struct_ser.serialize_field("headers", &self.headers)?;
        }
        if let Some(v) = self.first_byte_us.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("first_byte_us", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.total_us.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("total_us", ToString::to_string(&v).as_str())?;
        }
        if self.body_bytes_sent != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("body_bytes_sent", ToString::to_string(&self.body_bytes_sent).as_str())?;
        }
        if self.body_bytes_received != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("body_bytes_received", ToString::to_string(&self.body_bytes_received).as_str())?;
        }
        if self.complete {
            struct_ser.serialize_field("complete", &self.complete)?;
        }
        if self.bounded {
            struct_ser.serialize_field("bounded", &self.bounded)?;
        }
        if !self.informational.is_empty() {
            struct_ser.serialize_field("informational", &self.informational)?;
        }
        if self.answered_early {
            struct_ser.serialize_field("answered_early", &self.answered_early)?;
        }
        if let Some(v) = self.failed_at_us.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("failed_at_us", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.reuse.as_ref() {
            struct_ser.serialize_field("reuse", v)?;
        }
        if let Some(v) = self.proxy.as_ref() {
            struct_ser.serialize_field("proxy", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for HttpDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "status",
            "reason",
            "version",
            "headers",
            "first_byte_us",
            "firstByteUs",
            "total_us",
            "totalUs",
            "body_bytes_sent",
            "bodyBytesSent",
            "body_bytes_received",
            "bodyBytesReceived",
            "complete",
            "bounded",
            "informational",
            "answered_early",
            "answeredEarly",
            "failed_at_us",
            "failedAtUs",
            "reuse",
            "proxy",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Status,
            Reason,
            Version,
            Headers,
            FirstByteUs,
            TotalUs,
            BodyBytesSent,
            BodyBytesReceived,
            Complete,
            Bounded,
            Informational,
            AnsweredEarly,
            FailedAtUs,
            Reuse,
            Proxy,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "status" => Ok(GeneratedField::Status),
                            "reason" => Ok(GeneratedField::Reason),
                            "version" => Ok(GeneratedField::Version),
                            "headers" => Ok(GeneratedField::Headers),
                            "firstByteUs" | "first_byte_us" => Ok(GeneratedField::FirstByteUs),
                            "totalUs" | "total_us" => Ok(GeneratedField::TotalUs),
                            "bodyBytesSent" | "body_bytes_sent" => Ok(GeneratedField::BodyBytesSent),
                            "bodyBytesReceived" | "body_bytes_received" => Ok(GeneratedField::BodyBytesReceived),
                            "complete" => Ok(GeneratedField::Complete),
                            "bounded" => Ok(GeneratedField::Bounded),
                            "informational" => Ok(GeneratedField::Informational),
                            "answeredEarly" | "answered_early" => Ok(GeneratedField::AnsweredEarly),
                            "failedAtUs" | "failed_at_us" => Ok(GeneratedField::FailedAtUs),
                            "reuse" => Ok(GeneratedField::Reuse),
                            "proxy" => Ok(GeneratedField::Proxy),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = HttpDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.HttpDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<HttpDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut status__ = None;
                let mut reason__ = None;
                let mut version__ = None;
                let mut headers__ = None;
                let mut first_byte_us__ = None;
                let mut total_us__ = None;
                let mut body_bytes_sent__ = None;
                let mut body_bytes_received__ = None;
                let mut complete__ = None;
                let mut bounded__ = None;
                let mut informational__ = None;
                let mut answered_early__ = None;
                let mut failed_at_us__ = None;
                let mut reuse__ = None;
                let mut proxy__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Status => {
                            if status__.is_some() {
                                return Err(serde::de::Error::duplicate_field("status"));
                            }
                            status__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Reason => {
                            if reason__.is_some() {
                                return Err(serde::de::Error::duplicate_field("reason"));
                            }
                            reason__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Headers => {
                            if headers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("headers"));
                            }
                            headers__ = Some(map_.next_value()?);
                        }
                        GeneratedField::FirstByteUs => {
                            if first_byte_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("firstByteUs"));
                            }
                            first_byte_us__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::TotalUs => {
                            if total_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("totalUs"));
                            }
                            total_us__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::BodyBytesSent => {
                            if body_bytes_sent__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bodyBytesSent"));
                            }
                            body_bytes_sent__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::BodyBytesReceived => {
                            if body_bytes_received__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bodyBytesReceived"));
                            }
                            body_bytes_received__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Complete => {
                            if complete__.is_some() {
                                return Err(serde::de::Error::duplicate_field("complete"));
                            }
                            complete__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Bounded => {
                            if bounded__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bounded"));
                            }
                            bounded__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Informational => {
                            if informational__.is_some() {
                                return Err(serde::de::Error::duplicate_field("informational"));
                            }
                            informational__ = 
                                Some(map_.next_value::<Vec<::pbjson::private::NumberDeserialize<_>>>()?
                                    .into_iter().map(|x| x.0).collect())
                            ;
                        }
                        GeneratedField::AnsweredEarly => {
                            if answered_early__.is_some() {
                                return Err(serde::de::Error::duplicate_field("answeredEarly"));
                            }
                            answered_early__ = Some(map_.next_value()?);
                        }
                        GeneratedField::FailedAtUs => {
                            if failed_at_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("failedAtUs"));
                            }
                            failed_at_us__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Reuse => {
                            if reuse__.is_some() {
                                return Err(serde::de::Error::duplicate_field("reuse"));
                            }
                            reuse__ = map_.next_value()?;
                        }
                        GeneratedField::Proxy => {
                            if proxy__.is_some() {
                                return Err(serde::de::Error::duplicate_field("proxy"));
                            }
                            proxy__ = map_.next_value()?;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(HttpDetail {
                    status: status__.unwrap_or_default(),
                    reason: reason__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                    headers: headers__.unwrap_or_default(),
                    first_byte_us: first_byte_us__,
                    total_us: total_us__,
                    body_bytes_sent: body_bytes_sent__.unwrap_or_default(),
                    body_bytes_received: body_bytes_received__.unwrap_or_default(),
                    complete: complete__.unwrap_or_default(),
                    bounded: bounded__.unwrap_or_default(),
                    informational: informational__.unwrap_or_default(),
                    answered_early: answered_early__.unwrap_or_default(),
                    failed_at_us: failed_at_us__,
                    reuse: reuse__,
                    proxy: proxy__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.HttpDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for HttpHeader {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.value.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.HttpHeader", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.value.is_empty() {
            struct_ser.serialize_field("value", &self.value)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for HttpHeader {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "value",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Value,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "value" => Ok(GeneratedField::Value),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = HttpHeader;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.HttpHeader")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<HttpHeader, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut value__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Value => {
                            if value__.is_some() {
                                return Err(serde::de::Error::duplicate_field("value"));
                            }
                            value__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(HttpHeader {
                    name: name__.unwrap_or_default(),
                    value: value__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.HttpHeader", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for HttpSpec {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.address.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if self.tls {
            len += 1;
        }
        if !self.sni.is_empty() {
            len += 1;
        }
        if !self.method.is_empty() {
            len += 1;
        }
        if !self.path.is_empty() {
            len += 1;
        }
        if !self.headers.is_empty() {
            len += 1;
        }
        if self.body_bytes != 0 {
            len += 1;
        }
        if !self.ca_pem.is_empty() {
            len += 1;
        }
        if !self.version.is_empty() {
            len += 1;
        }
        if self.idle_ms != 0 {
            len += 1;
        }
        if !self.proxy.is_empty() {
            len += 1;
        }
        if self.source_port != 0 {
            len += 1;
        }
        if self.large_hello {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.HttpSpec", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if self.tls {
            struct_ser.serialize_field("tls", &self.tls)?;
        }
        if !self.sni.is_empty() {
            struct_ser.serialize_field("sni", &self.sni)?;
        }
        if !self.method.is_empty() {
            struct_ser.serialize_field("method", &self.method)?;
        }
        if !self.path.is_empty() {
            struct_ser.serialize_field("path", &self.path)?;
        }
        if !self.headers.is_empty() {
            struct_ser.serialize_field("headers", &self.headers)?;
        }
        if self.body_bytes != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("body_bytes", ToString::to_string(&self.body_bytes).as_str())?;
        }
        if !self.ca_pem.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("ca_pem", pbjson::private::base64::encode(&self.ca_pem).as_str())?;
        }
        if !self.version.is_empty() {
            struct_ser.serialize_field("version", &self.version)?;
        }
        if self.idle_ms != 0 {
            struct_ser.serialize_field("idle_ms", &self.idle_ms)?;
        }
        if !self.proxy.is_empty() {
            struct_ser.serialize_field("proxy", &self.proxy)?;
        }
        if self.source_port != 0 {
            struct_ser.serialize_field("source_port", &self.source_port)?;
        }
        if self.large_hello {
            struct_ser.serialize_field("large_hello", &self.large_hello)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for HttpSpec {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "address",
            "port",
            "tls",
            "sni",
            "method",
            "path",
            "headers",
            "body_bytes",
            "bodyBytes",
            "ca_pem",
            "caPem",
            "version",
            "idle_ms",
            "idleMs",
            "proxy",
            "source_port",
            "sourcePort",
            "large_hello",
            "largeHello",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Address,
            Port,
            Tls,
            Sni,
            Method,
            Path,
            Headers,
            BodyBytes,
            CaPem,
            Version,
            IdleMs,
            Proxy,
            SourcePort,
            LargeHello,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "address" => Ok(GeneratedField::Address),
                            "port" => Ok(GeneratedField::Port),
                            "tls" => Ok(GeneratedField::Tls),
                            "sni" => Ok(GeneratedField::Sni),
                            "method" => Ok(GeneratedField::Method),
                            "path" => Ok(GeneratedField::Path),
                            "headers" => Ok(GeneratedField::Headers),
                            "bodyBytes" | "body_bytes" => Ok(GeneratedField::BodyBytes),
                            "caPem" | "ca_pem" => Ok(GeneratedField::CaPem),
                            "version" => Ok(GeneratedField::Version),
                            "idleMs" | "idle_ms" => Ok(GeneratedField::IdleMs),
                            "proxy" => Ok(GeneratedField::Proxy),
                            "sourcePort" | "source_port" => Ok(GeneratedField::SourcePort),
                            "largeHello" | "large_hello" => Ok(GeneratedField::LargeHello),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = HttpSpec;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.HttpSpec")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<HttpSpec, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut address__ = None;
                let mut port__ = None;
                let mut tls__ = None;
                let mut sni__ = None;
                let mut method__ = None;
                let mut path__ = None;
                let mut headers__ = None;
                let mut body_bytes__ = None;
                let mut ca_pem__ = None;
                let mut version__ = None;
                let mut idle_ms__ = None;
                let mut proxy__ = None;
                let mut source_port__ = None;
                let mut large_hello__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Tls => {
                            if tls__.is_some() {
                                return Err(serde::de::Error::duplicate_field("tls"));
                            }
                            tls__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Sni => {
                            if sni__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sni"));
                            }
                            sni__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Method => {
                            if method__.is_some() {
                                return Err(serde::de::Error::duplicate_field("method"));
                            }
                            method__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Path => {
                            if path__.is_some() {
                                return Err(serde::de::Error::duplicate_field("path"));
                            }
                            path__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Headers => {
                            if headers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("headers"));
                            }
                            headers__ = Some(map_.next_value()?);
                        }
                        GeneratedField::BodyBytes => {
                            if body_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bodyBytes"));
                            }
                            body_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::CaPem => {
                            if ca_pem__.is_some() {
                                return Err(serde::de::Error::duplicate_field("caPem"));
                            }
                            ca_pem__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value()?);
                        }
                        GeneratedField::IdleMs => {
                            if idle_ms__.is_some() {
                                return Err(serde::de::Error::duplicate_field("idleMs"));
                            }
                            idle_ms__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Proxy => {
                            if proxy__.is_some() {
                                return Err(serde::de::Error::duplicate_field("proxy"));
                            }
                            proxy__ = Some(map_.next_value()?);
                        }
                        GeneratedField::SourcePort => {
                            if source_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sourcePort"));
                            }
                            source_port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::LargeHello => {
                            if large_hello__.is_some() {
                                return Err(serde::de::Error::duplicate_field("largeHello"));
                            }
                            large_hello__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(HttpSpec {
                    name: name__.unwrap_or_default(),
                    address: address__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    tls: tls__.unwrap_or_default(),
                    sni: sni__.unwrap_or_default(),
                    method: method__.unwrap_or_default(),
                    path: path__.unwrap_or_default(),
                    headers: headers__.unwrap_or_default(),
                    body_bytes: body_bytes__.unwrap_or_default(),
                    ca_pem: ca_pem__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                    idle_ms: idle_ms__.unwrap_or_default(),
                    proxy: proxy__.unwrap_or_default(),
                    source_port: source_port__.unwrap_or_default(),
                    large_hello: large_hello__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.HttpSpec", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for IcmpDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.sent != 0 {
            len += 1;
        }
        if self.received != 0 {
            len += 1;
        }
        if self.packet_bytes != 0 {
            len += 1;
        }
        if self.rtt_us.is_some() {
            len += 1;
        }
        if self.reply_ttl.is_some() {
            len += 1;
        }
        if !self.errors.is_empty() {
            len += 1;
        }
        if !self.socket.is_empty() {
            len += 1;
        }
        if self.local_too_big {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.IcmpDetail", len)?;
        if self.sent != 0 {
            struct_ser.serialize_field("sent", &self.sent)?;
        }
        if self.received != 0 {
            struct_ser.serialize_field("received", &self.received)?;
        }
        if self.packet_bytes != 0 {
            struct_ser.serialize_field("packet_bytes", &self.packet_bytes)?;
        }
        if let Some(v) = self.rtt_us.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("rtt_us", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.reply_ttl.as_ref() {
            struct_ser.serialize_field("reply_ttl", v)?;
        }
        if !self.errors.is_empty() {
            struct_ser.serialize_field("errors", &self.errors)?;
        }
        if !self.socket.is_empty() {
            struct_ser.serialize_field("socket", &self.socket)?;
        }
        if self.local_too_big {
            struct_ser.serialize_field("local_too_big", &self.local_too_big)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for IcmpDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "sent",
            "received",
            "packet_bytes",
            "packetBytes",
            "rtt_us",
            "rttUs",
            "reply_ttl",
            "replyTtl",
            "errors",
            "socket",
            "local_too_big",
            "localTooBig",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Sent,
            Received,
            PacketBytes,
            RttUs,
            ReplyTtl,
            Errors,
            Socket,
            LocalTooBig,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "sent" => Ok(GeneratedField::Sent),
                            "received" => Ok(GeneratedField::Received),
                            "packetBytes" | "packet_bytes" => Ok(GeneratedField::PacketBytes),
                            "rttUs" | "rtt_us" => Ok(GeneratedField::RttUs),
                            "replyTtl" | "reply_ttl" => Ok(GeneratedField::ReplyTtl),
                            "errors" => Ok(GeneratedField::Errors),
                            "socket" => Ok(GeneratedField::Socket),
                            "localTooBig" | "local_too_big" => Ok(GeneratedField::LocalTooBig),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = IcmpDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.IcmpDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<IcmpDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut sent__ = None;
                let mut received__ = None;
                let mut packet_bytes__ = None;
                let mut rtt_us__ = None;
                let mut reply_ttl__ = None;
                let mut errors__ = None;
                let mut socket__ = None;
                let mut local_too_big__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Sent => {
                            if sent__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sent"));
                            }
                            sent__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Received => {
                            if received__.is_some() {
                                return Err(serde::de::Error::duplicate_field("received"));
                            }
                            received__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::PacketBytes => {
                            if packet_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("packetBytes"));
                            }
                            packet_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::RttUs => {
                            if rtt_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rttUs"));
                            }
                            rtt_us__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::ReplyTtl => {
                            if reply_ttl__.is_some() {
                                return Err(serde::de::Error::duplicate_field("replyTtl"));
                            }
                            reply_ttl__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Errors => {
                            if errors__.is_some() {
                                return Err(serde::de::Error::duplicate_field("errors"));
                            }
                            errors__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Socket => {
                            if socket__.is_some() {
                                return Err(serde::de::Error::duplicate_field("socket"));
                            }
                            socket__ = Some(map_.next_value()?);
                        }
                        GeneratedField::LocalTooBig => {
                            if local_too_big__.is_some() {
                                return Err(serde::de::Error::duplicate_field("localTooBig"));
                            }
                            local_too_big__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(IcmpDetail {
                    sent: sent__.unwrap_or_default(),
                    received: received__.unwrap_or_default(),
                    packet_bytes: packet_bytes__.unwrap_or_default(),
                    rtt_us: rtt_us__,
                    reply_ttl: reply_ttl__,
                    errors: errors__.unwrap_or_default(),
                    socket: socket__.unwrap_or_default(),
                    local_too_big: local_too_big__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.IcmpDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for IcmpError {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.r#type != 0 {
            len += 1;
        }
        if self.code != 0 {
            len += 1;
        }
        if !self.offender.is_empty() {
            len += 1;
        }
        if self.mtu.is_some() {
            len += 1;
        }
        if self.origin != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.IcmpError", len)?;
        if self.r#type != 0 {
            struct_ser.serialize_field("type", &self.r#type)?;
        }
        if self.code != 0 {
            struct_ser.serialize_field("code", &self.code)?;
        }
        if !self.offender.is_empty() {
            struct_ser.serialize_field("offender", &self.offender)?;
        }
        if let Some(v) = self.mtu.as_ref() {
            struct_ser.serialize_field("mtu", v)?;
        }
        if self.origin != 0 {
            struct_ser.serialize_field("origin", &self.origin)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for IcmpError {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "type",
            "code",
            "offender",
            "mtu",
            "origin",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Type,
            Code,
            Offender,
            Mtu,
            Origin,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "type" => Ok(GeneratedField::Type),
                            "code" => Ok(GeneratedField::Code),
                            "offender" => Ok(GeneratedField::Offender),
                            "mtu" => Ok(GeneratedField::Mtu),
                            "origin" => Ok(GeneratedField::Origin),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = IcmpError;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.IcmpError")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<IcmpError, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut r#type__ = None;
                let mut code__ = None;
                let mut offender__ = None;
                let mut mtu__ = None;
                let mut origin__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Type => {
                            if r#type__.is_some() {
                                return Err(serde::de::Error::duplicate_field("type"));
                            }
                            r#type__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Code => {
                            if code__.is_some() {
                                return Err(serde::de::Error::duplicate_field("code"));
                            }
                            code__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Offender => {
                            if offender__.is_some() {
                                return Err(serde::de::Error::duplicate_field("offender"));
                            }
                            offender__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Mtu => {
                            if mtu__.is_some() {
                                return Err(serde::de::Error::duplicate_field("mtu"));
                            }
                            mtu__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Origin => {
                            if origin__.is_some() {
                                return Err(serde::de::Error::duplicate_field("origin"));
                            }
                            origin__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(IcmpError {
                    r#type: r#type__.unwrap_or_default(),
                    code: code__.unwrap_or_default(),
                    offender: offender__.unwrap_or_default(),
                    mtu: mtu__,
                    origin: origin__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.IcmpError", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for IcmpSpec {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.address.is_empty() {
            len += 1;
        }
        if self.packet_bytes != 0 {
            len += 1;
        }
        if self.count != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.IcmpSpec", len)?;
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if self.packet_bytes != 0 {
            struct_ser.serialize_field("packet_bytes", &self.packet_bytes)?;
        }
        if self.count != 0 {
            struct_ser.serialize_field("count", &self.count)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for IcmpSpec {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "address",
            "packet_bytes",
            "packetBytes",
            "count",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Address,
            PacketBytes,
            Count,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "address" => Ok(GeneratedField::Address),
                            "packetBytes" | "packet_bytes" => Ok(GeneratedField::PacketBytes),
                            "count" => Ok(GeneratedField::Count),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = IcmpSpec;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.IcmpSpec")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<IcmpSpec, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut address__ = None;
                let mut packet_bytes__ = None;
                let mut count__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::PacketBytes => {
                            if packet_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("packetBytes"));
                            }
                            packet_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Count => {
                            if count__.is_some() {
                                return Err(serde::de::Error::duplicate_field("count"));
                            }
                            count__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(IcmpSpec {
                    address: address__.unwrap_or_default(),
                    packet_bytes: packet_bytes__.unwrap_or_default(),
                    count: count__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.IcmpSpec", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for InterruptReply {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.found {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.InterruptReply", len)?;
        if self.found {
            struct_ser.serialize_field("found", &self.found)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for InterruptReply {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "found",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Found,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "found" => Ok(GeneratedField::Found),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = InterruptReply;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.InterruptReply")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<InterruptReply, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut found__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Found => {
                            if found__.is_some() {
                                return Err(serde::de::Error::duplicate_field("found"));
                            }
                            found__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(InterruptReply {
                    found: found__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.InterruptReply", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for InterruptRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.run.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.InterruptRequest", len)?;
        if !self.run.is_empty() {
            struct_ser.serialize_field("run", &self.run)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for InterruptRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "run",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Run,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "run" => Ok(GeneratedField::Run),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = InterruptRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.InterruptRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<InterruptRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut run__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Run => {
                            if run__.is_some() {
                                return Err(serde::de::Error::duplicate_field("run"));
                            }
                            run__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(InterruptRequest {
                    run: run__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.InterruptRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Issued {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.chain.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Issued", len)?;
        if !self.chain.is_empty() {
            struct_ser.serialize_field("chain", &self.chain.iter().map(pbjson::private::base64::encode).collect::<Vec<_>>())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Issued {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "chain",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Chain,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "chain" => Ok(GeneratedField::Chain),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Issued;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Issued")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Issued, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut chain__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Chain => {
                            if chain__.is_some() {
                                return Err(serde::de::Error::duplicate_field("chain"));
                            }
                            chain__ = 
                                Some(map_.next_value::<Vec<::pbjson::private::BytesDeserialize<_>>>()?
                                    .into_iter().map(|x| x.0).collect())
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Issued {
                    chain: chain__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Issued", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Item {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.observation.is_empty() {
            len += 1;
        }
        if !self.signature.is_empty() {
            len += 1;
        }
        if self.spooled != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Item", len)?;
        if !self.observation.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("observation", pbjson::private::base64::encode(&self.observation).as_str())?;
        }
        if !self.signature.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("signature", pbjson::private::base64::encode(&self.signature).as_str())?;
        }
        if self.spooled != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("spooled", ToString::to_string(&self.spooled).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Item {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "observation",
            "signature",
            "spooled",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Observation,
            Signature,
            Spooled,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "observation" => Ok(GeneratedField::Observation),
                            "signature" => Ok(GeneratedField::Signature),
                            "spooled" => Ok(GeneratedField::Spooled),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Item;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Item")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Item, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut observation__ = None;
                let mut signature__ = None;
                let mut spooled__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Observation => {
                            if observation__.is_some() {
                                return Err(serde::de::Error::duplicate_field("observation"));
                            }
                            observation__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Signature => {
                            if signature__.is_some() {
                                return Err(serde::de::Error::duplicate_field("signature"));
                            }
                            signature__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Spooled => {
                            if spooled__.is_some() {
                                return Err(serde::de::Error::duplicate_field("spooled"));
                            }
                            spooled__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Item {
                    observation: observation__.unwrap_or_default(),
                    signature: signature__.unwrap_or_default(),
                    spooled: spooled__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Item", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for KernelLine {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.boot_us != 0 {
            len += 1;
        }
        if self.at_us != 0 {
            len += 1;
        }
        if !self.text.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.KernelLine", len)?;
        if self.boot_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("boot_us", ToString::to_string(&self.boot_us).as_str())?;
        }
        if self.at_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("at_us", ToString::to_string(&self.at_us).as_str())?;
        }
        if !self.text.is_empty() {
            struct_ser.serialize_field("text", &self.text)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for KernelLine {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "boot_us",
            "bootUs",
            "at_us",
            "atUs",
            "text",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            BootUs,
            AtUs,
            Text,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "bootUs" | "boot_us" => Ok(GeneratedField::BootUs),
                            "atUs" | "at_us" => Ok(GeneratedField::AtUs),
                            "text" => Ok(GeneratedField::Text),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = KernelLine;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.KernelLine")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<KernelLine, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut boot_us__ = None;
                let mut at_us__ = None;
                let mut text__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::BootUs => {
                            if boot_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bootUs"));
                            }
                            boot_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::AtUs => {
                            if at_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("atUs"));
                            }
                            at_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Text => {
                            if text__.is_some() {
                                return Err(serde::de::Error::duplicate_field("text"));
                            }
                            text__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(KernelLine {
                    boot_us: boot_us__.unwrap_or_default(),
                    at_us: at_us__.unwrap_or_default(),
                    text: text__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.KernelLine", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for KernelLogDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.lines.is_empty() {
            len += 1;
        }
        if self.left_out != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.KernelLogDetail", len)?;
        if !self.lines.is_empty() {
            struct_ser.serialize_field("lines", &self.lines)?;
        }
        if self.left_out != 0 {
            struct_ser.serialize_field("left_out", &self.left_out)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for KernelLogDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "lines",
            "left_out",
            "leftOut",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Lines,
            LeftOut,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "lines" => Ok(GeneratedField::Lines),
                            "leftOut" | "left_out" => Ok(GeneratedField::LeftOut),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = KernelLogDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.KernelLogDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<KernelLogDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut lines__ = None;
                let mut left_out__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Lines => {
                            if lines__.is_some() {
                                return Err(serde::de::Error::duplicate_field("lines"));
                            }
                            lines__ = Some(map_.next_value()?);
                        }
                        GeneratedField::LeftOut => {
                            if left_out__.is_some() {
                                return Err(serde::de::Error::duplicate_field("leftOut"));
                            }
                            left_out__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(KernelLogDetail {
                    lines: lines__.unwrap_or_default(),
                    left_out: left_out__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.KernelLogDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for LabelRequirement {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.key.is_empty() {
            len += 1;
        }
        if !self.operator.is_empty() {
            len += 1;
        }
        if !self.values.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.LabelRequirement", len)?;
        if !self.key.is_empty() {
            struct_ser.serialize_field("key", &self.key)?;
        }
        if !self.operator.is_empty() {
            struct_ser.serialize_field("operator", &self.operator)?;
        }
        if !self.values.is_empty() {
            struct_ser.serialize_field("values", &self.values)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for LabelRequirement {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "key",
            "operator",
            "values",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Key,
            Operator,
            Values,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "key" => Ok(GeneratedField::Key),
                            "operator" => Ok(GeneratedField::Operator),
                            "values" => Ok(GeneratedField::Values),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = LabelRequirement;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.LabelRequirement")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<LabelRequirement, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut key__ = None;
                let mut operator__ = None;
                let mut values__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Key => {
                            if key__.is_some() {
                                return Err(serde::de::Error::duplicate_field("key"));
                            }
                            key__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Operator => {
                            if operator__.is_some() {
                                return Err(serde::de::Error::duplicate_field("operator"));
                            }
                            operator__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Values => {
                            if values__.is_some() {
                                return Err(serde::de::Error::duplicate_field("values"));
                            }
                            values__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(LabelRequirement {
                    key: key__.unwrap_or_default(),
                    operator: operator__.unwrap_or_default(),
                    values: values__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.LabelRequirement", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for LabelSelector {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.labels.is_empty() {
            len += 1;
        }
        if !self.expressions.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.LabelSelector", len)?;
        if !self.labels.is_empty() {
            struct_ser.serialize_field("labels", &self.labels)?;
        }
        if !self.expressions.is_empty() {
            struct_ser.serialize_field("expressions", &self.expressions)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for LabelSelector {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "labels",
            "expressions",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Labels,
            Expressions,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "labels" => Ok(GeneratedField::Labels),
                            "expressions" => Ok(GeneratedField::Expressions),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = LabelSelector;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.LabelSelector")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<LabelSelector, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut labels__ = None;
                let mut expressions__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Labels => {
                            if labels__.is_some() {
                                return Err(serde::de::Error::duplicate_field("labels"));
                            }
                            labels__ = Some(
                                map_.next_value::<std::collections::BTreeMap<_, _>>()?
                            );
                        }
                        GeneratedField::Expressions => {
                            if expressions__.is_some() {
                                return Err(serde::de::Error::duplicate_field("expressions"));
                            }
                            expressions__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(LabelSelector {
                    labels: labels__.unwrap_or_default(),
                    expressions: expressions__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.LabelSelector", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Link {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if self.mtu != 0 {
            len += 1;
        }
        if self.up {
            len += 1;
        }
        if !self.addresses.is_empty() {
            len += 1;
        }
        if self.rx_dropped.is_some() {
            len += 1;
        }
        if self.tx_dropped.is_some() {
            len += 1;
        }
        if self.rx_errors.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Link", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if self.mtu != 0 {
            struct_ser.serialize_field("mtu", &self.mtu)?;
        }
        if self.up {
            struct_ser.serialize_field("up", &self.up)?;
        }
        if !self.addresses.is_empty() {
            struct_ser.serialize_field("addresses", &self.addresses)?;
        }
        if let Some(v) = self.rx_dropped.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("rx_dropped", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.tx_dropped.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("tx_dropped", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.rx_errors.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("rx_errors", ToString::to_string(&v).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Link {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "mtu",
            "up",
            "addresses",
            "rx_dropped",
            "rxDropped",
            "tx_dropped",
            "txDropped",
            "rx_errors",
            "rxErrors",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Mtu,
            Up,
            Addresses,
            RxDropped,
            TxDropped,
            RxErrors,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "mtu" => Ok(GeneratedField::Mtu),
                            "up" => Ok(GeneratedField::Up),
                            "addresses" => Ok(GeneratedField::Addresses),
                            "rxDropped" | "rx_dropped" => Ok(GeneratedField::RxDropped),
                            "txDropped" | "tx_dropped" => Ok(GeneratedField::TxDropped),
                            "rxErrors" | "rx_errors" => Ok(GeneratedField::RxErrors),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Link;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Link")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Link, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut mtu__ = None;
                let mut up__ = None;
                let mut addresses__ = None;
                let mut rx_dropped__ = None;
                let mut tx_dropped__ = None;
                let mut rx_errors__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Mtu => {
                            if mtu__.is_some() {
                                return Err(serde::de::Error::duplicate_field("mtu"));
                            }
                            mtu__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Up => {
                            if up__.is_some() {
                                return Err(serde::de::Error::duplicate_field("up"));
                            }
                            up__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Addresses => {
                            if addresses__.is_some() {
                                return Err(serde::de::Error::duplicate_field("addresses"));
                            }
                            addresses__ = Some(map_.next_value()?);
                        }
                        GeneratedField::RxDropped => {
                            if rx_dropped__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rxDropped"));
                            }
                            rx_dropped__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::TxDropped => {
                            if tx_dropped__.is_some() {
                                return Err(serde::de::Error::duplicate_field("txDropped"));
                            }
                            tx_dropped__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::RxErrors => {
                            if rx_errors__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rxErrors"));
                            }
                            rx_errors__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Link {
                    name: name__.unwrap_or_default(),
                    mtu: mtu__.unwrap_or_default(),
                    up: up__.unwrap_or_default(),
                    addresses: addresses__.unwrap_or_default(),
                    rx_dropped: rx_dropped__,
                    tx_dropped: tx_dropped__,
                    rx_errors: rx_errors__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Link", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for LinkDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.links.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.LinkDetail", len)?;
        if !self.links.is_empty() {
            struct_ser.serialize_field("links", &self.links)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for LinkDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "links",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Links,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "links" => Ok(GeneratedField::Links),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = LinkDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.LinkDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<LinkDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut links__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Links => {
                            if links__.is_some() {
                                return Err(serde::de::Error::duplicate_field("links"));
                            }
                            links__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(LinkDetail {
                    links: links__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.LinkDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListMembersReply {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.members.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ListMembersReply", len)?;
        if !self.members.is_empty() {
            struct_ser.serialize_field("members", &self.members)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListMembersReply {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "members",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Members,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "members" => Ok(GeneratedField::Members),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListMembersReply;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ListMembersReply")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListMembersReply, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut members__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Members => {
                            if members__.is_some() {
                                return Err(serde::de::Error::duplicate_field("members"));
                            }
                            members__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ListMembersReply {
                    members: members__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ListMembersReply", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListMembersRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let len = 0;
        let struct_ser = serializer.serialize_struct("mesh.v1.ListMembersRequest", len)?;
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListMembersRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                            Ok(GeneratedField::__SkipField__)
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListMembersRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ListMembersRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListMembersRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                while map_.next_key::<GeneratedField>()?.is_some() {
                    let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(ListMembersRequest {
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ListMembersRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListRunsReply {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.runs.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ListRunsReply", len)?;
        if !self.runs.is_empty() {
            struct_ser.serialize_field("runs", &self.runs)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListRunsReply {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "runs",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Runs,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "runs" => Ok(GeneratedField::Runs),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListRunsReply;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ListRunsReply")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListRunsReply, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut runs__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Runs => {
                            if runs__.is_some() {
                                return Err(serde::de::Error::duplicate_field("runs"));
                            }
                            runs__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ListRunsReply {
                    runs: runs__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ListRunsReply", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListRunsRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.most != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ListRunsRequest", len)?;
        if self.most != 0 {
            struct_ser.serialize_field("most", &self.most)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListRunsRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "most",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Most,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "most" => Ok(GeneratedField::Most),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListRunsRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ListRunsRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListRunsRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut most__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Most => {
                            if most__.is_some() {
                                return Err(serde::de::Error::duplicate_field("most"));
                            }
                            most__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ListRunsRequest {
                    most: most__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ListRunsRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListVantagesReply {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.vantages.is_empty() {
            len += 1;
        }
        if !self.unreachable.is_empty() {
            len += 1;
        }
        if !self.absent.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ListVantagesReply", len)?;
        if !self.vantages.is_empty() {
            struct_ser.serialize_field("vantages", &self.vantages)?;
        }
        if !self.unreachable.is_empty() {
            struct_ser.serialize_field("unreachable", &self.unreachable)?;
        }
        if !self.absent.is_empty() {
            struct_ser.serialize_field("absent", &self.absent)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListVantagesReply {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "vantages",
            "unreachable",
            "absent",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Vantages,
            Unreachable,
            Absent,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "vantages" => Ok(GeneratedField::Vantages),
                            "unreachable" => Ok(GeneratedField::Unreachable),
                            "absent" => Ok(GeneratedField::Absent),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListVantagesReply;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ListVantagesReply")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListVantagesReply, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut vantages__ = None;
                let mut unreachable__ = None;
                let mut absent__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Vantages => {
                            if vantages__.is_some() {
                                return Err(serde::de::Error::duplicate_field("vantages"));
                            }
                            vantages__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Unreachable => {
                            if unreachable__.is_some() {
                                return Err(serde::de::Error::duplicate_field("unreachable"));
                            }
                            unreachable__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Absent => {
                            if absent__.is_some() {
                                return Err(serde::de::Error::duplicate_field("absent"));
                            }
                            absent__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ListVantagesReply {
                    vantages: vantages__.unwrap_or_default(),
                    unreachable: unreachable__.unwrap_or_default(),
                    absent: absent__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ListVantagesReply", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ListVantagesRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.select.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ListVantagesRequest", len)?;
        if !self.select.is_empty() {
            struct_ser.serialize_field("select", &self.select)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ListVantagesRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "select",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Select,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "select" => Ok(GeneratedField::Select),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ListVantagesRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ListVantagesRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ListVantagesRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut select__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Select => {
                            if select__.is_some() {
                                return Err(serde::de::Error::duplicate_field("select"));
                            }
                            select__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ListVantagesRequest {
                    select: select__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ListVantagesRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for MeasureRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.probe.is_some() {
            len += 1;
        }
        if !self.from.is_empty() {
            len += 1;
        }
        if self.count != 0 {
            len += 1;
        }
        if self.every_ms != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.MeasureRequest", len)?;
        if let Some(v) = self.probe.as_ref() {
            struct_ser.serialize_field("probe", v)?;
        }
        if !self.from.is_empty() {
            struct_ser.serialize_field("from", &self.from)?;
        }
        if self.count != 0 {
            struct_ser.serialize_field("count", &self.count)?;
        }
        if self.every_ms != 0 {
            struct_ser.serialize_field("every_ms", &self.every_ms)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for MeasureRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "probe",
            "from",
            "count",
            "every_ms",
            "everyMs",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Probe,
            From,
            Count,
            EveryMs,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "probe" => Ok(GeneratedField::Probe),
                            "from" => Ok(GeneratedField::From),
                            "count" => Ok(GeneratedField::Count),
                            "everyMs" | "every_ms" => Ok(GeneratedField::EveryMs),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = MeasureRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.MeasureRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<MeasureRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut probe__ = None;
                let mut from__ = None;
                let mut count__ = None;
                let mut every_ms__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Probe => {
                            if probe__.is_some() {
                                return Err(serde::de::Error::duplicate_field("probe"));
                            }
                            probe__ = map_.next_value()?;
                        }
                        GeneratedField::From => {
                            if from__.is_some() {
                                return Err(serde::de::Error::duplicate_field("from"));
                            }
                            from__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Count => {
                            if count__.is_some() {
                                return Err(serde::de::Error::duplicate_field("count"));
                            }
                            count__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::EveryMs => {
                            if every_ms__.is_some() {
                                return Err(serde::de::Error::duplicate_field("everyMs"));
                            }
                            every_ms__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(MeasureRequest {
                    probe: probe__,
                    from: from__.unwrap_or_default(),
                    count: count__.unwrap_or_default(),
                    every_ms: every_ms__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.MeasureRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for MemberRecord {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.role.is_empty() {
            len += 1;
        }
        if !self.name.is_empty() {
            len += 1;
        }
        if self.issued_us != 0 {
            len += 1;
        }
        if self.not_after_s != 0 {
            len += 1;
        }
        if self.revoked_us != 0 {
            len += 1;
        }
        if self.connections != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.MemberRecord", len)?;
        if !self.role.is_empty() {
            struct_ser.serialize_field("role", &self.role)?;
        }
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if self.issued_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("issued_us", ToString::to_string(&self.issued_us).as_str())?;
        }
        if self.not_after_s != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("not_after_s", ToString::to_string(&self.not_after_s).as_str())?;
        }
        if self.revoked_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("revoked_us", ToString::to_string(&self.revoked_us).as_str())?;
        }
        if self.connections != 0 {
            struct_ser.serialize_field("connections", &self.connections)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for MemberRecord {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "role",
            "name",
            "issued_us",
            "issuedUs",
            "not_after_s",
            "notAfterS",
            "revoked_us",
            "revokedUs",
            "connections",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Role,
            Name,
            IssuedUs,
            NotAfterS,
            RevokedUs,
            Connections,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "role" => Ok(GeneratedField::Role),
                            "name" => Ok(GeneratedField::Name),
                            "issuedUs" | "issued_us" => Ok(GeneratedField::IssuedUs),
                            "notAfterS" | "not_after_s" => Ok(GeneratedField::NotAfterS),
                            "revokedUs" | "revoked_us" => Ok(GeneratedField::RevokedUs),
                            "connections" => Ok(GeneratedField::Connections),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = MemberRecord;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.MemberRecord")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<MemberRecord, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut role__ = None;
                let mut name__ = None;
                let mut issued_us__ = None;
                let mut not_after_s__ = None;
                let mut revoked_us__ = None;
                let mut connections__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Role => {
                            if role__.is_some() {
                                return Err(serde::de::Error::duplicate_field("role"));
                            }
                            role__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::IssuedUs => {
                            if issued_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("issuedUs"));
                            }
                            issued_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::NotAfterS => {
                            if not_after_s__.is_some() {
                                return Err(serde::de::Error::duplicate_field("notAfterS"));
                            }
                            not_after_s__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::RevokedUs => {
                            if revoked_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("revokedUs"));
                            }
                            revoked_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Connections => {
                            if connections__.is_some() {
                                return Err(serde::de::Error::duplicate_field("connections"));
                            }
                            connections__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(MemberRecord {
                    role: role__.unwrap_or_default(),
                    name: name__.unwrap_or_default(),
                    issued_us: issued_us__.unwrap_or_default(),
                    not_after_s: not_after_s__.unwrap_or_default(),
                    revoked_us: revoked_us__.unwrap_or_default(),
                    connections: connections__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.MemberRecord", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for MssDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.rungs.is_empty() {
            len += 1;
        }
        if self.route_mtu.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.MssDetail", len)?;
        if !self.rungs.is_empty() {
            struct_ser.serialize_field("rungs", &self.rungs)?;
        }
        if let Some(v) = self.route_mtu.as_ref() {
            struct_ser.serialize_field("route_mtu", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for MssDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "rungs",
            "route_mtu",
            "routeMtu",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Rungs,
            RouteMtu,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "rungs" => Ok(GeneratedField::Rungs),
                            "routeMtu" | "route_mtu" => Ok(GeneratedField::RouteMtu),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = MssDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.MssDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<MssDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut rungs__ = None;
                let mut route_mtu__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Rungs => {
                            if rungs__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rungs"));
                            }
                            rungs__ = Some(map_.next_value()?);
                        }
                        GeneratedField::RouteMtu => {
                            if route_mtu__.is_some() {
                                return Err(serde::de::Error::duplicate_field("routeMtu"));
                            }
                            route_mtu__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(MssDetail {
                    rungs: rungs__.unwrap_or_default(),
                    route_mtu: route_mtu__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.MssDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for MssRung {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.sent_mss != 0 {
            len += 1;
        }
        if !self.answer.is_empty() {
            len += 1;
        }
        if self.arrived_mss.is_some() {
            len += 1;
        }
        if self.reply_ttl.is_some() {
            len += 1;
        }
        if self.icmp.is_some() {
            len += 1;
        }
        if self.rtt_us.is_some() {
            len += 1;
        }
        if self.window.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.MssRung", len)?;
        if self.sent_mss != 0 {
            struct_ser.serialize_field("sent_mss", &self.sent_mss)?;
        }
        if !self.answer.is_empty() {
            struct_ser.serialize_field("answer", &self.answer)?;
        }
        if let Some(v) = self.arrived_mss.as_ref() {
            struct_ser.serialize_field("arrived_mss", v)?;
        }
        if let Some(v) = self.reply_ttl.as_ref() {
            struct_ser.serialize_field("reply_ttl", v)?;
        }
        if let Some(v) = self.icmp.as_ref() {
            struct_ser.serialize_field("icmp", v)?;
        }
        if let Some(v) = self.rtt_us.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("rtt_us", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.window.as_ref() {
            struct_ser.serialize_field("window", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for MssRung {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "sent_mss",
            "sentMss",
            "answer",
            "arrived_mss",
            "arrivedMss",
            "reply_ttl",
            "replyTtl",
            "icmp",
            "rtt_us",
            "rttUs",
            "window",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            SentMss,
            Answer,
            ArrivedMss,
            ReplyTtl,
            Icmp,
            RttUs,
            Window,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "sentMss" | "sent_mss" => Ok(GeneratedField::SentMss),
                            "answer" => Ok(GeneratedField::Answer),
                            "arrivedMss" | "arrived_mss" => Ok(GeneratedField::ArrivedMss),
                            "replyTtl" | "reply_ttl" => Ok(GeneratedField::ReplyTtl),
                            "icmp" => Ok(GeneratedField::Icmp),
                            "rttUs" | "rtt_us" => Ok(GeneratedField::RttUs),
                            "window" => Ok(GeneratedField::Window),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = MssRung;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.MssRung")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<MssRung, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut sent_mss__ = None;
                let mut answer__ = None;
                let mut arrived_mss__ = None;
                let mut reply_ttl__ = None;
                let mut icmp__ = None;
                let mut rtt_us__ = None;
                let mut window__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::SentMss => {
                            if sent_mss__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sentMss"));
                            }
                            sent_mss__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Answer => {
                            if answer__.is_some() {
                                return Err(serde::de::Error::duplicate_field("answer"));
                            }
                            answer__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ArrivedMss => {
                            if arrived_mss__.is_some() {
                                return Err(serde::de::Error::duplicate_field("arrivedMss"));
                            }
                            arrived_mss__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::ReplyTtl => {
                            if reply_ttl__.is_some() {
                                return Err(serde::de::Error::duplicate_field("replyTtl"));
                            }
                            reply_ttl__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Icmp => {
                            if icmp__.is_some() {
                                return Err(serde::de::Error::duplicate_field("icmp"));
                            }
                            icmp__ = map_.next_value()?;
                        }
                        GeneratedField::RttUs => {
                            if rtt_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rttUs"));
                            }
                            rtt_us__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Window => {
                            if window__.is_some() {
                                return Err(serde::de::Error::duplicate_field("window"));
                            }
                            window__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(MssRung {
                    sent_mss: sent_mss__.unwrap_or_default(),
                    answer: answer__.unwrap_or_default(),
                    arrived_mss: arrived_mss__,
                    reply_ttl: reply_ttl__,
                    icmp: icmp__,
                    rtt_us: rtt_us__,
                    window: window__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.MssRung", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for MssSpec {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.address.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if !self.mss.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.MssSpec", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if !self.mss.is_empty() {
            struct_ser.serialize_field("mss", &self.mss)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for MssSpec {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "address",
            "port",
            "mss",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Address,
            Port,
            Mss,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "address" => Ok(GeneratedField::Address),
                            "port" => Ok(GeneratedField::Port),
                            "mss" => Ok(GeneratedField::Mss),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = MssSpec;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.MssSpec")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<MssSpec, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut address__ = None;
                let mut port__ = None;
                let mut mss__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Mss => {
                            if mss__.is_some() {
                                return Err(serde::de::Error::duplicate_field("mss"));
                            }
                            mss__ = 
                                Some(map_.next_value::<Vec<::pbjson::private::NumberDeserialize<_>>>()?
                                    .into_iter().map(|x| x.0).collect())
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(MssSpec {
                    name: name__.unwrap_or_default(),
                    address: address__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    mss: mss__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.MssSpec", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for NamedPort {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if !self.protocol.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.NamedPort", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if !self.protocol.is_empty() {
            struct_ser.serialize_field("protocol", &self.protocol)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for NamedPort {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "port",
            "protocol",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Port,
            Protocol,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "port" => Ok(GeneratedField::Port),
                            "protocol" => Ok(GeneratedField::Protocol),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = NamedPort;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.NamedPort")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<NamedPort, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut port__ = None;
                let mut protocol__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Protocol => {
                            if protocol__.is_some() {
                                return Err(serde::de::Error::duplicate_field("protocol"));
                            }
                            protocol__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(NamedPort {
                    name: name__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    protocol: protocol__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.NamedPort", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for NamedValue {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if self.value != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.NamedValue", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if self.value != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("value", ToString::to_string(&self.value).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for NamedValue {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "value",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Value,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "value" => Ok(GeneratedField::Value),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = NamedValue;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.NamedValue")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<NamedValue, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut value__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Value => {
                            if value__.is_some() {
                                return Err(serde::de::Error::duplicate_field("value"));
                            }
                            value__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(NamedValue {
                    name: name__.unwrap_or_default(),
                    value: value__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.NamedValue", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Neighbour {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.address.is_empty() {
            len += 1;
        }
        if !self.interface.is_empty() {
            len += 1;
        }
        if !self.link_address.is_empty() {
            len += 1;
        }
        if !self.state.is_empty() {
            len += 1;
        }
        if self.router {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Neighbour", len)?;
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if !self.interface.is_empty() {
            struct_ser.serialize_field("interface", &self.interface)?;
        }
        if !self.link_address.is_empty() {
            struct_ser.serialize_field("link_address", &self.link_address)?;
        }
        if !self.state.is_empty() {
            struct_ser.serialize_field("state", &self.state)?;
        }
        if self.router {
            struct_ser.serialize_field("router", &self.router)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Neighbour {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "address",
            "interface",
            "link_address",
            "linkAddress",
            "state",
            "router",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Address,
            Interface,
            LinkAddress,
            State,
            Router,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "address" => Ok(GeneratedField::Address),
                            "interface" => Ok(GeneratedField::Interface),
                            "linkAddress" | "link_address" => Ok(GeneratedField::LinkAddress),
                            "state" => Ok(GeneratedField::State),
                            "router" => Ok(GeneratedField::Router),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Neighbour;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Neighbour")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Neighbour, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut address__ = None;
                let mut interface__ = None;
                let mut link_address__ = None;
                let mut state__ = None;
                let mut router__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Interface => {
                            if interface__.is_some() {
                                return Err(serde::de::Error::duplicate_field("interface"));
                            }
                            interface__ = Some(map_.next_value()?);
                        }
                        GeneratedField::LinkAddress => {
                            if link_address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("linkAddress"));
                            }
                            link_address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::State => {
                            if state__.is_some() {
                                return Err(serde::de::Error::duplicate_field("state"));
                            }
                            state__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Router => {
                            if router__.is_some() {
                                return Err(serde::de::Error::duplicate_field("router"));
                            }
                            router__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Neighbour {
                    address: address__.unwrap_or_default(),
                    interface: interface__.unwrap_or_default(),
                    link_address: link_address__.unwrap_or_default(),
                    state: state__.unwrap_or_default(),
                    router: router__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Neighbour", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for NeighbourDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.neighbours.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.NeighbourDetail", len)?;
        if !self.neighbours.is_empty() {
            struct_ser.serialize_field("neighbours", &self.neighbours)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for NeighbourDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "neighbours",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Neighbours,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "neighbours" => Ok(GeneratedField::Neighbours),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = NeighbourDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.NeighbourDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<NeighbourDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut neighbours__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Neighbours => {
                            if neighbours__.is_some() {
                                return Err(serde::de::Error::duplicate_field("neighbours"));
                            }
                            neighbours__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(NeighbourDetail {
                    neighbours: neighbours__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.NeighbourDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Observation {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.run.is_empty() {
            len += 1;
        }
        if self.round != 0 {
            len += 1;
        }
        if !self.vantage.is_empty() {
            len += 1;
        }
        if !self.task.is_empty() {
            len += 1;
        }
        if !self.netns.is_empty() {
            len += 1;
        }
        if self.purpose != 0 {
            len += 1;
        }
        if !self.asked.is_empty() {
            len += 1;
        }
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.address.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if !self.protocol.is_empty() {
            len += 1;
        }
        if !self.local_address.is_empty() {
            len += 1;
        }
        if self.local_port != 0 {
            len += 1;
        }
        if self.flow != 0 {
            len += 1;
        }
        if self.payload_bytes != 0 {
            len += 1;
        }
        if self.timing.is_some() {
            len += 1;
        }
        if self.outcome != 0 {
            len += 1;
        }
        if self.failure.is_some() {
            len += 1;
        }
        if !self.missing.is_empty() {
            len += 1;
        }
        if !self.caveats.is_empty() {
            len += 1;
        }
        if self.kernel_tx_ns.is_some() {
            len += 1;
        }
        if self.kernel_rx_ns.is_some() {
            len += 1;
        }
        if self.resolve.is_some() {
            len += 1;
        }
        if self.dns.is_some() {
            len += 1;
        }
        if self.tcp.is_some() {
            len += 1;
        }
        if self.tls.is_some() {
            len += 1;
        }
        if self.http.is_some() {
            len += 1;
        }
        if self.icmp.is_some() {
            len += 1;
        }
        if self.pmtu.is_some() {
            len += 1;
        }
        if self.mss.is_some() {
            len += 1;
        }
        if self.routes.is_some() {
            len += 1;
        }
        if self.resolver.is_some() {
            len += 1;
        }
        if self.sockets.is_some() {
            len += 1;
        }
        if self.counters.is_some() {
            len += 1;
        }
        if self.firewall.is_some() {
            len += 1;
        }
        if self.links.is_some() {
            len += 1;
        }
        if self.cluster.is_some() {
            len += 1;
        }
        if self.watch.is_some() {
            len += 1;
        }
        if self.trace.is_some() {
            len += 1;
        }
        if self.neighbours.is_some() {
            len += 1;
        }
        if self.conntrack.is_some() {
            len += 1;
        }
        if self.kernel_log.is_some() {
            len += 1;
        }
        if self.proxies.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Observation", len)?;
        if !self.run.is_empty() {
            struct_ser.serialize_field("run", &self.run)?;
        }
        if self.round != 0 {
            struct_ser.serialize_field("round", &self.round)?;
        }
        if !self.vantage.is_empty() {
            struct_ser.serialize_field("vantage", &self.vantage)?;
        }
        if !self.task.is_empty() {
            struct_ser.serialize_field("task", &self.task)?;
        }
        if !self.netns.is_empty() {
            struct_ser.serialize_field("netns", &self.netns)?;
        }
        if self.purpose != 0 {
            let v = Purpose::try_from(self.purpose)
                .map_err(|_| serde::ser::Error::custom(format!("Invalid variant {}", self.purpose)))?;
            struct_ser.serialize_field("purpose", &v)?;
        }
        if !self.asked.is_empty() {
            struct_ser.serialize_field("asked", &self.asked)?;
        }
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if !self.protocol.is_empty() {
            struct_ser.serialize_field("protocol", &self.protocol)?;
        }
        if !self.local_address.is_empty() {
            struct_ser.serialize_field("local_address", &self.local_address)?;
        }
        if self.local_port != 0 {
            struct_ser.serialize_field("local_port", &self.local_port)?;
        }
        if self.flow != 0 {
            let v = Flow::try_from(self.flow)
                .map_err(|_| serde::ser::Error::custom(format!("Invalid variant {}", self.flow)))?;
            struct_ser.serialize_field("flow", &v)?;
        }
        if self.payload_bytes != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("payload_bytes", ToString::to_string(&self.payload_bytes).as_str())?;
        }
        if let Some(v) = self.timing.as_ref() {
            struct_ser.serialize_field("timing", v)?;
        }
        if self.outcome != 0 {
            let v = Outcome::try_from(self.outcome)
                .map_err(|_| serde::ser::Error::custom(format!("Invalid variant {}", self.outcome)))?;
            struct_ser.serialize_field("outcome", &v)?;
        }
        if let Some(v) = self.failure.as_ref() {
            struct_ser.serialize_field("failure", v)?;
        }
        if !self.missing.is_empty() {
            struct_ser.serialize_field("missing", &self.missing)?;
        }
        if !self.caveats.is_empty() {
            struct_ser.serialize_field("caveats", &self.caveats)?;
        }
        if let Some(v) = self.kernel_tx_ns.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("kernel_tx_ns", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.kernel_rx_ns.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("kernel_rx_ns", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.resolve.as_ref() {
            struct_ser.serialize_field("resolve", v)?;
        }
        if let Some(v) = self.dns.as_ref() {
            struct_ser.serialize_field("dns", v)?;
        }
        if let Some(v) = self.tcp.as_ref() {
            struct_ser.serialize_field("tcp", v)?;
        }
        if let Some(v) = self.tls.as_ref() {
            struct_ser.serialize_field("tls", v)?;
        }
        if let Some(v) = self.http.as_ref() {
            struct_ser.serialize_field("http", v)?;
        }
        if let Some(v) = self.icmp.as_ref() {
            struct_ser.serialize_field("icmp", v)?;
        }
        if let Some(v) = self.pmtu.as_ref() {
            struct_ser.serialize_field("pmtu", v)?;
        }
        if let Some(v) = self.mss.as_ref() {
            struct_ser.serialize_field("mss", v)?;
        }
        if let Some(v) = self.routes.as_ref() {
            struct_ser.serialize_field("routes", v)?;
        }
        if let Some(v) = self.resolver.as_ref() {
            struct_ser.serialize_field("resolver", v)?;
        }
        if let Some(v) = self.sockets.as_ref() {
            struct_ser.serialize_field("sockets", v)?;
        }
        if let Some(v) = self.counters.as_ref() {
            struct_ser.serialize_field("counters", v)?;
        }
        if let Some(v) = self.firewall.as_ref() {
            struct_ser.serialize_field("firewall", v)?;
        }
        if let Some(v) = self.links.as_ref() {
            struct_ser.serialize_field("links", v)?;
        }
        if let Some(v) = self.cluster.as_ref() {
            struct_ser.serialize_field("cluster", v)?;
        }
        if let Some(v) = self.watch.as_ref() {
            struct_ser.serialize_field("watch", v)?;
        }
        if let Some(v) = self.trace.as_ref() {
            struct_ser.serialize_field("trace", v)?;
        }
        if let Some(v) = self.neighbours.as_ref() {
            struct_ser.serialize_field("neighbours", v)?;
        }
        if let Some(v) = self.conntrack.as_ref() {
            struct_ser.serialize_field("conntrack", v)?;
        }
        if let Some(v) = self.kernel_log.as_ref() {
            struct_ser.serialize_field("kernel_log", v)?;
        }
        if let Some(v) = self.proxies.as_ref() {
            struct_ser.serialize_field("proxies", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Observation {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "run",
            "round",
            "vantage",
            "task",
            "netns",
            "purpose",
            "asked",
            "name",
            "address",
            "port",
            "protocol",
            "local_address",
            "localAddress",
            "local_port",
            "localPort",
            "flow",
            "payload_bytes",
            "payloadBytes",
            "timing",
            "outcome",
            "failure",
            "missing",
            "caveats",
            "kernel_tx_ns",
            "kernelTxNs",
            "kernel_rx_ns",
            "kernelRxNs",
            "resolve",
            "dns",
            "tcp",
            "tls",
            "http",
            "icmp",
            "pmtu",
            "mss",
            "routes",
            "resolver",
            "sockets",
            "counters",
            "firewall",
            "links",
            "cluster",
            "watch",
            "trace",
            "neighbours",
            "conntrack",
            "kernel_log",
            "kernelLog",
            "proxies",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Run,
            Round,
            Vantage,
            Task,
            Netns,
            Purpose,
            Asked,
            Name,
            Address,
            Port,
            Protocol,
            LocalAddress,
            LocalPort,
            Flow,
            PayloadBytes,
            Timing,
            Outcome,
            Failure,
            Missing,
            Caveats,
            KernelTxNs,
            KernelRxNs,
            Resolve,
            Dns,
            Tcp,
            Tls,
            Http,
            Icmp,
            Pmtu,
            Mss,
            Routes,
            Resolver,
            Sockets,
            Counters,
            Firewall,
            Links,
            Cluster,
            Watch,
            Trace,
            Neighbours,
            Conntrack,
            KernelLog,
            Proxies,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "run" => Ok(GeneratedField::Run),
                            "round" => Ok(GeneratedField::Round),
                            "vantage" => Ok(GeneratedField::Vantage),
                            "task" => Ok(GeneratedField::Task),
                            "netns" => Ok(GeneratedField::Netns),
                            "purpose" => Ok(GeneratedField::Purpose),
                            "asked" => Ok(GeneratedField::Asked),
                            "name" => Ok(GeneratedField::Name),
                            "address" => Ok(GeneratedField::Address),
                            "port" => Ok(GeneratedField::Port),
                            "protocol" => Ok(GeneratedField::Protocol),
                            "localAddress" | "local_address" => Ok(GeneratedField::LocalAddress),
                            "localPort" | "local_port" => Ok(GeneratedField::LocalPort),
                            "flow" => Ok(GeneratedField::Flow),
                            "payloadBytes" | "payload_bytes" => Ok(GeneratedField::PayloadBytes),
                            "timing" => Ok(GeneratedField::Timing),
                            "outcome" => Ok(GeneratedField::Outcome),
                            "failure" => Ok(GeneratedField::Failure),
                            "missing" => Ok(GeneratedField::Missing),
                            "caveats" => Ok(GeneratedField::Caveats),
                            "kernelTxNs" | "kernel_tx_ns" => Ok(GeneratedField::KernelTxNs),
                            "kernelRxNs" | "kernel_rx_ns" => Ok(GeneratedField::KernelRxNs),
                            "resolve" => Ok(GeneratedField::Resolve),
                            "dns" => Ok(GeneratedField::Dns),
                            "tcp" => Ok(GeneratedField::Tcp),
                            "tls" => Ok(GeneratedField::Tls),
                            "http" => Ok(GeneratedField::Http),
                            "icmp" => Ok(GeneratedField::Icmp),
                            "pmtu" => Ok(GeneratedField::Pmtu),
                            "mss" => Ok(GeneratedField::Mss),
                            "routes" => Ok(GeneratedField::Routes),
                            "resolver" => Ok(GeneratedField::Resolver),
                            "sockets" => Ok(GeneratedField::Sockets),
                            "counters" => Ok(GeneratedField::Counters),
                            "firewall" => Ok(GeneratedField::Firewall),
                            "links" => Ok(GeneratedField::Links),
                            "cluster" => Ok(GeneratedField::Cluster),
                            "watch" => Ok(GeneratedField::Watch),
                            "trace" => Ok(GeneratedField::Trace),
                            "neighbours" => Ok(GeneratedField::Neighbours),
                            "conntrack" => Ok(GeneratedField::Conntrack),
                            "kernelLog" | "kernel_log" => Ok(GeneratedField::KernelLog),
                            "proxies" => Ok(GeneratedField::Proxies),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Observation;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Observation")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Observation, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut run__ = None;
                let mut round__ = None;
                let mut vantage__ = None;
                let mut task__ = None;
                let mut netns__ = None;
                let mut purpose__ = None;
                let mut asked__ = None;
                let mut name__ = None;
                let mut address__ = None;
                let mut port__ = None;
                let mut protocol__ = None;
                let mut local_address__ = None;
                let mut local_port__ = None;
                let mut flow__ = None;
                let mut payload_bytes__ = None;
                let mut timing__ = None;
                let mut outcome__ = None;
                let mut failure__ = None;
                let mut missing__ = None;
                let mut caveats__ = None;
                let mut kernel_tx_ns__ = None;
                let mut kernel_rx_ns__ = None;
                let mut resolve__ = None;
                let mut dns__ = None;
                let mut tcp__ = None;
                let mut tls__ = None;
                let mut http__ = None;
                let mut icmp__ = None;
                let mut pmtu__ = None;
                let mut mss__ = None;
                let mut routes__ = None;
                let mut resolver__ = None;
                let mut sockets__ = None;
                let mut counters__ = None;
                let mut firewall__ = None;
                let mut links__ = None;
                let mut cluster__ = None;
                let mut watch__ = None;
                let mut trace__ = None;
                let mut neighbours__ = None;
                let mut conntrack__ = None;
                let mut kernel_log__ = None;
                let mut proxies__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Run => {
                            if run__.is_some() {
                                return Err(serde::de::Error::duplicate_field("run"));
                            }
                            run__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Round => {
                            if round__.is_some() {
                                return Err(serde::de::Error::duplicate_field("round"));
                            }
                            round__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Vantage => {
                            if vantage__.is_some() {
                                return Err(serde::de::Error::duplicate_field("vantage"));
                            }
                            vantage__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Task => {
                            if task__.is_some() {
                                return Err(serde::de::Error::duplicate_field("task"));
                            }
                            task__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Netns => {
                            if netns__.is_some() {
                                return Err(serde::de::Error::duplicate_field("netns"));
                            }
                            netns__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Purpose => {
                            if purpose__.is_some() {
                                return Err(serde::de::Error::duplicate_field("purpose"));
                            }
                            purpose__ = Some(map_.next_value::<Purpose>()? as i32);
                        }
                        GeneratedField::Asked => {
                            if asked__.is_some() {
                                return Err(serde::de::Error::duplicate_field("asked"));
                            }
                            asked__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Protocol => {
                            if protocol__.is_some() {
                                return Err(serde::de::Error::duplicate_field("protocol"));
                            }
                            protocol__ = Some(map_.next_value()?);
                        }
                        GeneratedField::LocalAddress => {
                            if local_address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("localAddress"));
                            }
                            local_address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::LocalPort => {
                            if local_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("localPort"));
                            }
                            local_port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Flow => {
                            if flow__.is_some() {
                                return Err(serde::de::Error::duplicate_field("flow"));
                            }
                            flow__ = Some(map_.next_value::<Flow>()? as i32);
                        }
                        GeneratedField::PayloadBytes => {
                            if payload_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("payloadBytes"));
                            }
                            payload_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Timing => {
                            if timing__.is_some() {
                                return Err(serde::de::Error::duplicate_field("timing"));
                            }
                            timing__ = map_.next_value()?;
                        }
                        GeneratedField::Outcome => {
                            if outcome__.is_some() {
                                return Err(serde::de::Error::duplicate_field("outcome"));
                            }
                            outcome__ = Some(map_.next_value::<Outcome>()? as i32);
                        }
                        GeneratedField::Failure => {
                            if failure__.is_some() {
                                return Err(serde::de::Error::duplicate_field("failure"));
                            }
                            failure__ = map_.next_value()?;
                        }
                        GeneratedField::Missing => {
                            if missing__.is_some() {
                                return Err(serde::de::Error::duplicate_field("missing"));
                            }
                            missing__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Caveats => {
                            if caveats__.is_some() {
                                return Err(serde::de::Error::duplicate_field("caveats"));
                            }
                            caveats__ = Some(map_.next_value()?);
                        }
                        GeneratedField::KernelTxNs => {
                            if kernel_tx_ns__.is_some() {
                                return Err(serde::de::Error::duplicate_field("kernelTxNs"));
                            }
                            kernel_tx_ns__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::KernelRxNs => {
                            if kernel_rx_ns__.is_some() {
                                return Err(serde::de::Error::duplicate_field("kernelRxNs"));
                            }
                            kernel_rx_ns__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Resolve => {
                            if resolve__.is_some() {
                                return Err(serde::de::Error::duplicate_field("resolve"));
                            }
                            resolve__ = map_.next_value()?;
                        }
                        GeneratedField::Dns => {
                            if dns__.is_some() {
                                return Err(serde::de::Error::duplicate_field("dns"));
                            }
                            dns__ = map_.next_value()?;
                        }
                        GeneratedField::Tcp => {
                            if tcp__.is_some() {
                                return Err(serde::de::Error::duplicate_field("tcp"));
                            }
                            tcp__ = map_.next_value()?;
                        }
                        GeneratedField::Tls => {
                            if tls__.is_some() {
                                return Err(serde::de::Error::duplicate_field("tls"));
                            }
                            tls__ = map_.next_value()?;
                        }
                        GeneratedField::Http => {
                            if http__.is_some() {
                                return Err(serde::de::Error::duplicate_field("http"));
                            }
                            http__ = map_.next_value()?;
                        }
                        GeneratedField::Icmp => {
                            if icmp__.is_some() {
                                return Err(serde::de::Error::duplicate_field("icmp"));
                            }
                            icmp__ = map_.next_value()?;
                        }
                        GeneratedField::Pmtu => {
                            if pmtu__.is_some() {
                                return Err(serde::de::Error::duplicate_field("pmtu"));
                            }
                            pmtu__ = map_.next_value()?;
                        }
                        GeneratedField::Mss => {
                            if mss__.is_some() {
                                return Err(serde::de::Error::duplicate_field("mss"));
                            }
                            mss__ = map_.next_value()?;
                        }
                        GeneratedField::Routes => {
                            if routes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("routes"));
                            }
                            routes__ = map_.next_value()?;
                        }
                        GeneratedField::Resolver => {
                            if resolver__.is_some() {
                                return Err(serde::de::Error::duplicate_field("resolver"));
                            }
                            resolver__ = map_.next_value()?;
                        }
                        GeneratedField::Sockets => {
                            if sockets__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sockets"));
                            }
                            sockets__ = map_.next_value()?;
                        }
                        GeneratedField::Counters => {
                            if counters__.is_some() {
                                return Err(serde::de::Error::duplicate_field("counters"));
                            }
                            counters__ = map_.next_value()?;
                        }
                        GeneratedField::Firewall => {
                            if firewall__.is_some() {
                                return Err(serde::de::Error::duplicate_field("firewall"));
                            }
                            firewall__ = map_.next_value()?;
                        }
                        GeneratedField::Links => {
                            if links__.is_some() {
                                return Err(serde::de::Error::duplicate_field("links"));
                            }
                            links__ = map_.next_value()?;
                        }
                        GeneratedField::Cluster => {
                            if cluster__.is_some() {
                                return Err(serde::de::Error::duplicate_field("cluster"));
                            }
                            cluster__ = map_.next_value()?;
                        }
                        GeneratedField::Watch => {
                            if watch__.is_some() {
                                return Err(serde::de::Error::duplicate_field("watch"));
                            }
                            watch__ = map_.next_value()?;
                        }
                        GeneratedField::Trace => {
                            if trace__.is_some() {
                                return Err(serde::de::Error::duplicate_field("trace"));
                            }
                            trace__ = map_.next_value()?;
                        }
                        GeneratedField::Neighbours => {
                            if neighbours__.is_some() {
                                return Err(serde::de::Error::duplicate_field("neighbours"));
                            }
                            neighbours__ = map_.next_value()?;
                        }
                        GeneratedField::Conntrack => {
                            if conntrack__.is_some() {
                                return Err(serde::de::Error::duplicate_field("conntrack"));
                            }
                            conntrack__ = map_.next_value()?;
                        }
                        GeneratedField::KernelLog => {
                            if kernel_log__.is_some() {
                                return Err(serde::de::Error::duplicate_field("kernelLog"));
                            }
                            kernel_log__ = map_.next_value()?;
                        }
                        GeneratedField::Proxies => {
                            if proxies__.is_some() {
                                return Err(serde::de::Error::duplicate_field("proxies"));
                            }
                            proxies__ = map_.next_value()?;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Observation {
                    run: run__.unwrap_or_default(),
                    round: round__.unwrap_or_default(),
                    vantage: vantage__.unwrap_or_default(),
                    task: task__.unwrap_or_default(),
                    netns: netns__.unwrap_or_default(),
                    purpose: purpose__.unwrap_or_default(),
                    asked: asked__.unwrap_or_default(),
                    name: name__.unwrap_or_default(),
                    address: address__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    protocol: protocol__.unwrap_or_default(),
                    local_address: local_address__.unwrap_or_default(),
                    local_port: local_port__.unwrap_or_default(),
                    flow: flow__.unwrap_or_default(),
                    payload_bytes: payload_bytes__.unwrap_or_default(),
                    timing: timing__,
                    outcome: outcome__.unwrap_or_default(),
                    failure: failure__,
                    missing: missing__.unwrap_or_default(),
                    caveats: caveats__.unwrap_or_default(),
                    kernel_tx_ns: kernel_tx_ns__,
                    kernel_rx_ns: kernel_rx_ns__,
                    resolve: resolve__,
                    dns: dns__,
                    tcp: tcp__,
                    tls: tls__,
                    http: http__,
                    icmp: icmp__,
                    pmtu: pmtu__,
                    mss: mss__,
                    routes: routes__,
                    resolver: resolver__,
                    sockets: sockets__,
                    counters: counters__,
                    firewall: firewall__,
                    links: links__,
                    cluster: cluster__,
                    watch: watch__,
                    trace: trace__,
                    neighbours: neighbours__,
                    conntrack: conntrack__,
                    kernel_log: kernel_log__,
                    proxies: proxies__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Observation", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Outcome {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        let variant = match self {
            Self::Unspecified => "OUTCOME_UNSPECIFIED",
            Self::Pass => "OUTCOME_PASS",
            Self::Fail => "OUTCOME_FAIL",
            Self::Degraded => "OUTCOME_DEGRADED",
            Self::NotReached => "OUTCOME_NOT_REACHED",
            Self::NotAsked => "OUTCOME_NOT_ASKED",
            Self::CouldNotLook => "OUTCOME_COULD_NOT_LOOK",
            Self::Intercepted => "OUTCOME_INTERCEPTED",
        };
        serializer.serialize_str(variant)
    }
}
impl<'de> serde::Deserialize<'de> for Outcome {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "OUTCOME_UNSPECIFIED",
            "OUTCOME_PASS",
            "OUTCOME_FAIL",
            "OUTCOME_DEGRADED",
            "OUTCOME_NOT_REACHED",
            "OUTCOME_NOT_ASKED",
            "OUTCOME_COULD_NOT_LOOK",
            "OUTCOME_INTERCEPTED",
        ];

        struct GeneratedVisitor;

        impl serde::de::Visitor<'_> for GeneratedVisitor {
            type Value = Outcome;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, "expected one of: {:?}", &FIELDS)
            }

            fn visit_i64<E>(self, v: i64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok().or_else(|| Some(Outcome::default())))
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Signed(v), &self)
                    })
            }

            fn visit_u64<E>(self, v: u64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok().or_else(|| Some(Outcome::default())))
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Unsigned(v), &self)
                    })
            }

            fn visit_str<E>(self, value: &str) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                match value {
                    "OUTCOME_UNSPECIFIED" => Ok(Outcome::Unspecified),
                    "OUTCOME_PASS" => Ok(Outcome::Pass),
                    "OUTCOME_FAIL" => Ok(Outcome::Fail),
                    "OUTCOME_DEGRADED" => Ok(Outcome::Degraded),
                    "OUTCOME_NOT_REACHED" => Ok(Outcome::NotReached),
                    "OUTCOME_NOT_ASKED" => Ok(Outcome::NotAsked),
                    "OUTCOME_COULD_NOT_LOOK" => Ok(Outcome::CouldNotLook),
                    "OUTCOME_INTERCEPTED" => Ok(Outcome::Intercepted),
                    _ => Ok(Outcome::default()),
                }
            }
        }
        deserializer.deserialize_any(GeneratedVisitor)
    }
}
impl serde::Serialize for Piece {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.content.is_empty() {
            len += 1;
        }
        if !self.sha256.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Piece", len)?;
        if !self.content.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("content", pbjson::private::base64::encode(&self.content).as_str())?;
        }
        if !self.sha256.is_empty() {
            struct_ser.serialize_field("sha256", &self.sha256)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Piece {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "content",
            "sha256",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Content,
            Sha256,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "content" => Ok(GeneratedField::Content),
                            "sha256" => Ok(GeneratedField::Sha256),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Piece;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Piece")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Piece, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut content__ = None;
                let mut sha256__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Content => {
                            if content__.is_some() {
                                return Err(serde::de::Error::duplicate_field("content"));
                            }
                            content__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Sha256 => {
                            if sha256__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sha256"));
                            }
                            sha256__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Piece {
                    content: content__.unwrap_or_default(),
                    sha256: sha256__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Piece", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for PmtuDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.passed_bytes.is_some() {
            len += 1;
        }
        if self.lost_bytes.is_some() {
            len += 1;
        }
        if self.claim.is_some() {
            len += 1;
        }
        if self.claim_confirmed {
            len += 1;
        }
        if !self.rungs.is_empty() {
            len += 1;
        }
        if !self.hops.is_empty() {
            len += 1;
        }
        if !self.method.is_empty() {
            len += 1;
        }
        if self.route_mtu_before.is_some() {
            len += 1;
        }
        if self.route_mtu_after.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.PmtuDetail", len)?;
        if let Some(v) = self.passed_bytes.as_ref() {
            struct_ser.serialize_field("passed_bytes", v)?;
        }
        if let Some(v) = self.lost_bytes.as_ref() {
            struct_ser.serialize_field("lost_bytes", v)?;
        }
        if let Some(v) = self.claim.as_ref() {
            struct_ser.serialize_field("claim", v)?;
        }
        if self.claim_confirmed {
            struct_ser.serialize_field("claim_confirmed", &self.claim_confirmed)?;
        }
        if !self.rungs.is_empty() {
            struct_ser.serialize_field("rungs", &self.rungs)?;
        }
        if !self.hops.is_empty() {
            struct_ser.serialize_field("hops", &self.hops)?;
        }
        if !self.method.is_empty() {
            struct_ser.serialize_field("method", &self.method)?;
        }
        if let Some(v) = self.route_mtu_before.as_ref() {
            struct_ser.serialize_field("route_mtu_before", v)?;
        }
        if let Some(v) = self.route_mtu_after.as_ref() {
            struct_ser.serialize_field("route_mtu_after", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for PmtuDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "passed_bytes",
            "passedBytes",
            "lost_bytes",
            "lostBytes",
            "claim",
            "claim_confirmed",
            "claimConfirmed",
            "rungs",
            "hops",
            "method",
            "route_mtu_before",
            "routeMtuBefore",
            "route_mtu_after",
            "routeMtuAfter",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            PassedBytes,
            LostBytes,
            Claim,
            ClaimConfirmed,
            Rungs,
            Hops,
            Method,
            RouteMtuBefore,
            RouteMtuAfter,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "passedBytes" | "passed_bytes" => Ok(GeneratedField::PassedBytes),
                            "lostBytes" | "lost_bytes" => Ok(GeneratedField::LostBytes),
                            "claim" => Ok(GeneratedField::Claim),
                            "claimConfirmed" | "claim_confirmed" => Ok(GeneratedField::ClaimConfirmed),
                            "rungs" => Ok(GeneratedField::Rungs),
                            "hops" => Ok(GeneratedField::Hops),
                            "method" => Ok(GeneratedField::Method),
                            "routeMtuBefore" | "route_mtu_before" => Ok(GeneratedField::RouteMtuBefore),
                            "routeMtuAfter" | "route_mtu_after" => Ok(GeneratedField::RouteMtuAfter),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = PmtuDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.PmtuDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<PmtuDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut passed_bytes__ = None;
                let mut lost_bytes__ = None;
                let mut claim__ = None;
                let mut claim_confirmed__ = None;
                let mut rungs__ = None;
                let mut hops__ = None;
                let mut method__ = None;
                let mut route_mtu_before__ = None;
                let mut route_mtu_after__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::PassedBytes => {
                            if passed_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("passedBytes"));
                            }
                            passed_bytes__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::LostBytes => {
                            if lost_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("lostBytes"));
                            }
                            lost_bytes__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Claim => {
                            if claim__.is_some() {
                                return Err(serde::de::Error::duplicate_field("claim"));
                            }
                            claim__ = map_.next_value()?;
                        }
                        GeneratedField::ClaimConfirmed => {
                            if claim_confirmed__.is_some() {
                                return Err(serde::de::Error::duplicate_field("claimConfirmed"));
                            }
                            claim_confirmed__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Rungs => {
                            if rungs__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rungs"));
                            }
                            rungs__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Hops => {
                            if hops__.is_some() {
                                return Err(serde::de::Error::duplicate_field("hops"));
                            }
                            hops__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Method => {
                            if method__.is_some() {
                                return Err(serde::de::Error::duplicate_field("method"));
                            }
                            method__ = Some(map_.next_value()?);
                        }
                        GeneratedField::RouteMtuBefore => {
                            if route_mtu_before__.is_some() {
                                return Err(serde::de::Error::duplicate_field("routeMtuBefore"));
                            }
                            route_mtu_before__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::RouteMtuAfter => {
                            if route_mtu_after__.is_some() {
                                return Err(serde::de::Error::duplicate_field("routeMtuAfter"));
                            }
                            route_mtu_after__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(PmtuDetail {
                    passed_bytes: passed_bytes__,
                    lost_bytes: lost_bytes__,
                    claim: claim__,
                    claim_confirmed: claim_confirmed__.unwrap_or_default(),
                    rungs: rungs__.unwrap_or_default(),
                    hops: hops__.unwrap_or_default(),
                    method: method__.unwrap_or_default(),
                    route_mtu_before: route_mtu_before__,
                    route_mtu_after: route_mtu_after__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.PmtuDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for PmtuHop {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.ttl != 0 {
            len += 1;
        }
        if !self.address.is_empty() {
            len += 1;
        }
        if self.small_answered {
            len += 1;
        }
        if self.largest_answered.is_some() {
            len += 1;
        }
        if self.is_target {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.PmtuHop", len)?;
        if self.ttl != 0 {
            struct_ser.serialize_field("ttl", &self.ttl)?;
        }
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if self.small_answered {
            struct_ser.serialize_field("small_answered", &self.small_answered)?;
        }
        if let Some(v) = self.largest_answered.as_ref() {
            struct_ser.serialize_field("largest_answered", v)?;
        }
        if self.is_target {
            struct_ser.serialize_field("is_target", &self.is_target)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for PmtuHop {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "ttl",
            "address",
            "small_answered",
            "smallAnswered",
            "largest_answered",
            "largestAnswered",
            "is_target",
            "isTarget",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Ttl,
            Address,
            SmallAnswered,
            LargestAnswered,
            IsTarget,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "ttl" => Ok(GeneratedField::Ttl),
                            "address" => Ok(GeneratedField::Address),
                            "smallAnswered" | "small_answered" => Ok(GeneratedField::SmallAnswered),
                            "largestAnswered" | "largest_answered" => Ok(GeneratedField::LargestAnswered),
                            "isTarget" | "is_target" => Ok(GeneratedField::IsTarget),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = PmtuHop;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.PmtuHop")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<PmtuHop, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut ttl__ = None;
                let mut address__ = None;
                let mut small_answered__ = None;
                let mut largest_answered__ = None;
                let mut is_target__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Ttl => {
                            if ttl__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ttl"));
                            }
                            ttl__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::SmallAnswered => {
                            if small_answered__.is_some() {
                                return Err(serde::de::Error::duplicate_field("smallAnswered"));
                            }
                            small_answered__ = Some(map_.next_value()?);
                        }
                        GeneratedField::LargestAnswered => {
                            if largest_answered__.is_some() {
                                return Err(serde::de::Error::duplicate_field("largestAnswered"));
                            }
                            largest_answered__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::IsTarget => {
                            if is_target__.is_some() {
                                return Err(serde::de::Error::duplicate_field("isTarget"));
                            }
                            is_target__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(PmtuHop {
                    ttl: ttl__.unwrap_or_default(),
                    address: address__.unwrap_or_default(),
                    small_answered: small_answered__.unwrap_or_default(),
                    largest_answered: largest_answered__,
                    is_target: is_target__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.PmtuHop", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for PmtuRung {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.packet_bytes != 0 {
            len += 1;
        }
        if self.sent != 0 {
            len += 1;
        }
        if self.passed != 0 {
            len += 1;
        }
        if self.claim.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.PmtuRung", len)?;
        if self.packet_bytes != 0 {
            struct_ser.serialize_field("packet_bytes", &self.packet_bytes)?;
        }
        if self.sent != 0 {
            struct_ser.serialize_field("sent", &self.sent)?;
        }
        if self.passed != 0 {
            struct_ser.serialize_field("passed", &self.passed)?;
        }
        if let Some(v) = self.claim.as_ref() {
            struct_ser.serialize_field("claim", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for PmtuRung {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "packet_bytes",
            "packetBytes",
            "sent",
            "passed",
            "claim",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            PacketBytes,
            Sent,
            Passed,
            Claim,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "packetBytes" | "packet_bytes" => Ok(GeneratedField::PacketBytes),
                            "sent" => Ok(GeneratedField::Sent),
                            "passed" => Ok(GeneratedField::Passed),
                            "claim" => Ok(GeneratedField::Claim),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = PmtuRung;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.PmtuRung")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<PmtuRung, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut packet_bytes__ = None;
                let mut sent__ = None;
                let mut passed__ = None;
                let mut claim__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::PacketBytes => {
                            if packet_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("packetBytes"));
                            }
                            packet_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Sent => {
                            if sent__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sent"));
                            }
                            sent__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Passed => {
                            if passed__.is_some() {
                                return Err(serde::de::Error::duplicate_field("passed"));
                            }
                            passed__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Claim => {
                            if claim__.is_some() {
                                return Err(serde::de::Error::duplicate_field("claim"));
                            }
                            claim__ = map_.next_value()?;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(PmtuRung {
                    packet_bytes: packet_bytes__.unwrap_or_default(),
                    sent: sent__.unwrap_or_default(),
                    passed: passed__.unwrap_or_default(),
                    claim: claim__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.PmtuRung", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for PmtuSpec {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.address.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if self.max_bytes != 0 {
            len += 1;
        }
        if self.hops {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.PmtuSpec", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if self.max_bytes != 0 {
            struct_ser.serialize_field("max_bytes", &self.max_bytes)?;
        }
        if self.hops {
            struct_ser.serialize_field("hops", &self.hops)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for PmtuSpec {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "address",
            "port",
            "max_bytes",
            "maxBytes",
            "hops",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Address,
            Port,
            MaxBytes,
            Hops,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "address" => Ok(GeneratedField::Address),
                            "port" => Ok(GeneratedField::Port),
                            "maxBytes" | "max_bytes" => Ok(GeneratedField::MaxBytes),
                            "hops" => Ok(GeneratedField::Hops),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = PmtuSpec;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.PmtuSpec")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<PmtuSpec, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut address__ = None;
                let mut port__ = None;
                let mut max_bytes__ = None;
                let mut hops__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::MaxBytes => {
                            if max_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("maxBytes"));
                            }
                            max_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Hops => {
                            if hops__.is_some() {
                                return Err(serde::de::Error::duplicate_field("hops"));
                            }
                            hops__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(PmtuSpec {
                    name: name__.unwrap_or_default(),
                    address: address__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    max_bytes: max_bytes__.unwrap_or_default(),
                    hops: hops__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.PmtuSpec", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for PolicyPeer {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.pods.is_some() {
            len += 1;
        }
        if self.namespaces.is_some() {
            len += 1;
        }
        if !self.cidr.is_empty() {
            len += 1;
        }
        if !self.except.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.PolicyPeer", len)?;
        if let Some(v) = self.pods.as_ref() {
            struct_ser.serialize_field("pods", v)?;
        }
        if let Some(v) = self.namespaces.as_ref() {
            struct_ser.serialize_field("namespaces", v)?;
        }
        if !self.cidr.is_empty() {
            struct_ser.serialize_field("cidr", &self.cidr)?;
        }
        if !self.except.is_empty() {
            struct_ser.serialize_field("except", &self.except)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for PolicyPeer {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "pods",
            "namespaces",
            "cidr",
            "except",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Pods,
            Namespaces,
            Cidr,
            Except,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "pods" => Ok(GeneratedField::Pods),
                            "namespaces" => Ok(GeneratedField::Namespaces),
                            "cidr" => Ok(GeneratedField::Cidr),
                            "except" => Ok(GeneratedField::Except),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = PolicyPeer;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.PolicyPeer")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<PolicyPeer, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut pods__ = None;
                let mut namespaces__ = None;
                let mut cidr__ = None;
                let mut except__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Pods => {
                            if pods__.is_some() {
                                return Err(serde::de::Error::duplicate_field("pods"));
                            }
                            pods__ = map_.next_value()?;
                        }
                        GeneratedField::Namespaces => {
                            if namespaces__.is_some() {
                                return Err(serde::de::Error::duplicate_field("namespaces"));
                            }
                            namespaces__ = map_.next_value()?;
                        }
                        GeneratedField::Cidr => {
                            if cidr__.is_some() {
                                return Err(serde::de::Error::duplicate_field("cidr"));
                            }
                            cidr__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Except => {
                            if except__.is_some() {
                                return Err(serde::de::Error::duplicate_field("except"));
                            }
                            except__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(PolicyPeer {
                    pods: pods__,
                    namespaces: namespaces__,
                    cidr: cidr__.unwrap_or_default(),
                    except: except__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.PolicyPeer", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for PolicyPort {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.protocol.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if self.end_port != 0 {
            len += 1;
        }
        if !self.name.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.PolicyPort", len)?;
        if !self.protocol.is_empty() {
            struct_ser.serialize_field("protocol", &self.protocol)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if self.end_port != 0 {
            struct_ser.serialize_field("end_port", &self.end_port)?;
        }
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for PolicyPort {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "protocol",
            "port",
            "end_port",
            "endPort",
            "name",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Protocol,
            Port,
            EndPort,
            Name,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "protocol" => Ok(GeneratedField::Protocol),
                            "port" => Ok(GeneratedField::Port),
                            "endPort" | "end_port" => Ok(GeneratedField::EndPort),
                            "name" => Ok(GeneratedField::Name),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = PolicyPort;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.PolicyPort")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<PolicyPort, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut protocol__ = None;
                let mut port__ = None;
                let mut end_port__ = None;
                let mut name__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Protocol => {
                            if protocol__.is_some() {
                                return Err(serde::de::Error::duplicate_field("protocol"));
                            }
                            protocol__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::EndPort => {
                            if end_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("endPort"));
                            }
                            end_port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(PolicyPort {
                    protocol: protocol__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    end_port: end_port__.unwrap_or_default(),
                    name: name__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.PolicyPort", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for PolicyRule {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.peers.is_empty() {
            len += 1;
        }
        if !self.ports.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.PolicyRule", len)?;
        if !self.peers.is_empty() {
            struct_ser.serialize_field("peers", &self.peers)?;
        }
        if !self.ports.is_empty() {
            struct_ser.serialize_field("ports", &self.ports)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for PolicyRule {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "peers",
            "ports",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Peers,
            Ports,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "peers" => Ok(GeneratedField::Peers),
                            "ports" => Ok(GeneratedField::Ports),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = PolicyRule;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.PolicyRule")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<PolicyRule, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut peers__ = None;
                let mut ports__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Peers => {
                            if peers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("peers"));
                            }
                            peers__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Ports => {
                            if ports__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ports"));
                            }
                            ports__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(PolicyRule {
                    peers: peers__.unwrap_or_default(),
                    ports: ports__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.PolicyRule", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ProbeSpec {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.task.is_empty() {
            len += 1;
        }
        if self.purpose != 0 {
            len += 1;
        }
        if self.timeout_ms != 0 {
            len += 1;
        }
        if self.connect_ms != 0 {
            len += 1;
        }
        if self.watch {
            len += 1;
        }
        if self.probe.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ProbeSpec", len)?;
        if !self.task.is_empty() {
            struct_ser.serialize_field("task", &self.task)?;
        }
        if self.purpose != 0 {
            let v = Purpose::try_from(self.purpose)
                .map_err(|_| serde::ser::Error::custom(format!("Invalid variant {}", self.purpose)))?;
            struct_ser.serialize_field("purpose", &v)?;
        }
        if self.timeout_ms != 0 {
            struct_ser.serialize_field("timeout_ms", &self.timeout_ms)?;
        }
        if self.connect_ms != 0 {
            struct_ser.serialize_field("connect_ms", &self.connect_ms)?;
        }
        if self.watch {
            struct_ser.serialize_field("watch", &self.watch)?;
        }
        if let Some(v) = self.probe.as_ref() {
            match v {
                probe_spec::Probe::Resolve(v) => {
                    struct_ser.serialize_field("resolve", v)?;
                }
                probe_spec::Probe::Dns(v) => {
                    struct_ser.serialize_field("dns", v)?;
                }
                probe_spec::Probe::Tcp(v) => {
                    struct_ser.serialize_field("tcp", v)?;
                }
                probe_spec::Probe::Tls(v) => {
                    struct_ser.serialize_field("tls", v)?;
                }
                probe_spec::Probe::Http(v) => {
                    struct_ser.serialize_field("http", v)?;
                }
                probe_spec::Probe::Icmp(v) => {
                    struct_ser.serialize_field("icmp", v)?;
                }
                probe_spec::Probe::Pmtu(v) => {
                    struct_ser.serialize_field("pmtu", v)?;
                }
                probe_spec::Probe::Mss(v) => {
                    struct_ser.serialize_field("mss", v)?;
                }
                probe_spec::Probe::Collect(v) => {
                    struct_ser.serialize_field("collect", v)?;
                }
                probe_spec::Probe::Trace(v) => {
                    struct_ser.serialize_field("trace", v)?;
                }
            }
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ProbeSpec {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "task",
            "purpose",
            "timeout_ms",
            "timeoutMs",
            "connect_ms",
            "connectMs",
            "watch",
            "resolve",
            "dns",
            "tcp",
            "tls",
            "http",
            "icmp",
            "pmtu",
            "mss",
            "collect",
            "trace",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Task,
            Purpose,
            TimeoutMs,
            ConnectMs,
            Watch,
            Resolve,
            Dns,
            Tcp,
            Tls,
            Http,
            Icmp,
            Pmtu,
            Mss,
            Collect,
            Trace,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "task" => Ok(GeneratedField::Task),
                            "purpose" => Ok(GeneratedField::Purpose),
                            "timeoutMs" | "timeout_ms" => Ok(GeneratedField::TimeoutMs),
                            "connectMs" | "connect_ms" => Ok(GeneratedField::ConnectMs),
                            "watch" => Ok(GeneratedField::Watch),
                            "resolve" => Ok(GeneratedField::Resolve),
                            "dns" => Ok(GeneratedField::Dns),
                            "tcp" => Ok(GeneratedField::Tcp),
                            "tls" => Ok(GeneratedField::Tls),
                            "http" => Ok(GeneratedField::Http),
                            "icmp" => Ok(GeneratedField::Icmp),
                            "pmtu" => Ok(GeneratedField::Pmtu),
                            "mss" => Ok(GeneratedField::Mss),
                            "collect" => Ok(GeneratedField::Collect),
                            "trace" => Ok(GeneratedField::Trace),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ProbeSpec;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ProbeSpec")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ProbeSpec, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut task__ = None;
                let mut purpose__ = None;
                let mut timeout_ms__ = None;
                let mut connect_ms__ = None;
                let mut watch__ = None;
                let mut probe__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Task => {
                            if task__.is_some() {
                                return Err(serde::de::Error::duplicate_field("task"));
                            }
                            task__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Purpose => {
                            if purpose__.is_some() {
                                return Err(serde::de::Error::duplicate_field("purpose"));
                            }
                            purpose__ = Some(map_.next_value::<Purpose>()? as i32);
                        }
                        GeneratedField::TimeoutMs => {
                            if timeout_ms__.is_some() {
                                return Err(serde::de::Error::duplicate_field("timeoutMs"));
                            }
                            timeout_ms__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ConnectMs => {
                            if connect_ms__.is_some() {
                                return Err(serde::de::Error::duplicate_field("connectMs"));
                            }
                            connect_ms__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Watch => {
                            if watch__.is_some() {
                                return Err(serde::de::Error::duplicate_field("watch"));
                            }
                            watch__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Resolve => {
                            if probe__.is_some() {
                                return Err(serde::de::Error::duplicate_field("resolve"));
                            }
                            probe__ = map_.next_value::<::std::option::Option<_>>()?.map(probe_spec::Probe::Resolve)
;
                        }
                        GeneratedField::Dns => {
                            if probe__.is_some() {
                                return Err(serde::de::Error::duplicate_field("dns"));
                            }
                            probe__ = map_.next_value::<::std::option::Option<_>>()?.map(probe_spec::Probe::Dns)
;
                        }
                        GeneratedField::Tcp => {
                            if probe__.is_some() {
                                return Err(serde::de::Error::duplicate_field("tcp"));
                            }
                            probe__ = map_.next_value::<::std::option::Option<_>>()?.map(probe_spec::Probe::Tcp)
;
                        }
                        GeneratedField::Tls => {
                            if probe__.is_some() {
                                return Err(serde::de::Error::duplicate_field("tls"));
                            }
                            probe__ = map_.next_value::<::std::option::Option<_>>()?.map(probe_spec::Probe::Tls)
;
                        }
                        GeneratedField::Http => {
                            if probe__.is_some() {
                                return Err(serde::de::Error::duplicate_field("http"));
                            }
                            probe__ = map_.next_value::<::std::option::Option<_>>()?.map(probe_spec::Probe::Http)
;
                        }
                        GeneratedField::Icmp => {
                            if probe__.is_some() {
                                return Err(serde::de::Error::duplicate_field("icmp"));
                            }
                            probe__ = map_.next_value::<::std::option::Option<_>>()?.map(probe_spec::Probe::Icmp)
;
                        }
                        GeneratedField::Pmtu => {
                            if probe__.is_some() {
                                return Err(serde::de::Error::duplicate_field("pmtu"));
                            }
                            probe__ = map_.next_value::<::std::option::Option<_>>()?.map(probe_spec::Probe::Pmtu)
;
                        }
                        GeneratedField::Mss => {
                            if probe__.is_some() {
                                return Err(serde::de::Error::duplicate_field("mss"));
                            }
                            probe__ = map_.next_value::<::std::option::Option<_>>()?.map(probe_spec::Probe::Mss)
;
                        }
                        GeneratedField::Collect => {
                            if probe__.is_some() {
                                return Err(serde::de::Error::duplicate_field("collect"));
                            }
                            probe__ = map_.next_value::<::std::option::Option<_>>()?.map(probe_spec::Probe::Collect)
;
                        }
                        GeneratedField::Trace => {
                            if probe__.is_some() {
                                return Err(serde::de::Error::duplicate_field("trace"));
                            }
                            probe__ = map_.next_value::<::std::option::Option<_>>()?.map(probe_spec::Probe::Trace)
;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ProbeSpec {
                    task: task__.unwrap_or_default(),
                    purpose: purpose__.unwrap_or_default(),
                    timeout_ms: timeout_ms__.unwrap_or_default(),
                    connect_ms: connect_ms__.unwrap_or_default(),
                    watch: watch__.unwrap_or_default(),
                    probe: probe__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ProbeSpec", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ProxyAnswer {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.status != 0 {
            len += 1;
        }
        if !self.reason.is_empty() {
            len += 1;
        }
        if !self.headers.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ProxyAnswer", len)?;
        if self.status != 0 {
            struct_ser.serialize_field("status", &self.status)?;
        }
        if !self.reason.is_empty() {
            struct_ser.serialize_field("reason", &self.reason)?;
        }
        if !self.headers.is_empty() {
            struct_ser.serialize_field("headers", &self.headers)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ProxyAnswer {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "status",
            "reason",
            "headers",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Status,
            Reason,
            Headers,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "status" => Ok(GeneratedField::Status),
                            "reason" => Ok(GeneratedField::Reason),
                            "headers" => Ok(GeneratedField::Headers),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ProxyAnswer;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ProxyAnswer")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ProxyAnswer, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut status__ = None;
                let mut reason__ = None;
                let mut headers__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Status => {
                            if status__.is_some() {
                                return Err(serde::de::Error::duplicate_field("status"));
                            }
                            status__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Reason => {
                            if reason__.is_some() {
                                return Err(serde::de::Error::duplicate_field("reason"));
                            }
                            reason__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Headers => {
                            if headers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("headers"));
                            }
                            headers__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ProxyAnswer {
                    status: status__.unwrap_or_default(),
                    reason: reason__.unwrap_or_default(),
                    headers: headers__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ProxyAnswer", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ProxyDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.proxies.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ProxyDetail", len)?;
        if !self.proxies.is_empty() {
            struct_ser.serialize_field("proxies", &self.proxies)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ProxyDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "proxies",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Proxies,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "proxies" => Ok(GeneratedField::Proxies),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ProxyDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ProxyDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ProxyDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut proxies__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Proxies => {
                            if proxies__.is_some() {
                                return Err(serde::de::Error::duplicate_field("proxies"));
                            }
                            proxies__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ProxyDetail {
                    proxies: proxies__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ProxyDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ProxyServer {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.group.is_empty() {
            len += 1;
        }
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.address.is_empty() {
            len += 1;
        }
        if !self.state.is_empty() {
            len += 1;
        }
        if !self.check.is_empty() {
            len += 1;
        }
        if self.queued.is_some() {
            len += 1;
        }
        if self.queue_limit.is_some() {
            len += 1;
        }
        if self.connect_errors.is_some() {
            len += 1;
        }
        if self.response_errors.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ProxyServer", len)?;
        if !self.group.is_empty() {
            struct_ser.serialize_field("group", &self.group)?;
        }
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if !self.state.is_empty() {
            struct_ser.serialize_field("state", &self.state)?;
        }
        if !self.check.is_empty() {
            struct_ser.serialize_field("check", &self.check)?;
        }
        if let Some(v) = self.queued.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("queued", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.queue_limit.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("queue_limit", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.connect_errors.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("connect_errors", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.response_errors.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("response_errors", ToString::to_string(&v).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ProxyServer {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "group",
            "name",
            "address",
            "state",
            "check",
            "queued",
            "queue_limit",
            "queueLimit",
            "connect_errors",
            "connectErrors",
            "response_errors",
            "responseErrors",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Group,
            Name,
            Address,
            State,
            Check,
            Queued,
            QueueLimit,
            ConnectErrors,
            ResponseErrors,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "group" => Ok(GeneratedField::Group),
                            "name" => Ok(GeneratedField::Name),
                            "address" => Ok(GeneratedField::Address),
                            "state" => Ok(GeneratedField::State),
                            "check" => Ok(GeneratedField::Check),
                            "queued" => Ok(GeneratedField::Queued),
                            "queueLimit" | "queue_limit" => Ok(GeneratedField::QueueLimit),
                            "connectErrors" | "connect_errors" => Ok(GeneratedField::ConnectErrors),
                            "responseErrors" | "response_errors" => Ok(GeneratedField::ResponseErrors),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ProxyServer;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ProxyServer")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ProxyServer, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut group__ = None;
                let mut name__ = None;
                let mut address__ = None;
                let mut state__ = None;
                let mut check__ = None;
                let mut queued__ = None;
                let mut queue_limit__ = None;
                let mut connect_errors__ = None;
                let mut response_errors__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Group => {
                            if group__.is_some() {
                                return Err(serde::de::Error::duplicate_field("group"));
                            }
                            group__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::State => {
                            if state__.is_some() {
                                return Err(serde::de::Error::duplicate_field("state"));
                            }
                            state__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Check => {
                            if check__.is_some() {
                                return Err(serde::de::Error::duplicate_field("check"));
                            }
                            check__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Queued => {
                            if queued__.is_some() {
                                return Err(serde::de::Error::duplicate_field("queued"));
                            }
                            queued__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::QueueLimit => {
                            if queue_limit__.is_some() {
                                return Err(serde::de::Error::duplicate_field("queueLimit"));
                            }
                            queue_limit__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::ConnectErrors => {
                            if connect_errors__.is_some() {
                                return Err(serde::de::Error::duplicate_field("connectErrors"));
                            }
                            connect_errors__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::ResponseErrors => {
                            if response_errors__.is_some() {
                                return Err(serde::de::Error::duplicate_field("responseErrors"));
                            }
                            response_errors__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ProxyServer {
                    group: group__.unwrap_or_default(),
                    name: name__.unwrap_or_default(),
                    address: address__.unwrap_or_default(),
                    state: state__.unwrap_or_default(),
                    check: check__.unwrap_or_default(),
                    queued: queued__,
                    queue_limit: queue_limit__,
                    connect_errors: connect_errors__,
                    response_errors: response_errors__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ProxyServer", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ProxyState {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.kind.is_empty() {
            len += 1;
        }
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.version.is_empty() {
            len += 1;
        }
        if !self.servers.is_empty() {
            len += 1;
        }
        if !self.lines.is_empty() {
            len += 1;
        }
        if !self.error.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ProxyState", len)?;
        if !self.kind.is_empty() {
            struct_ser.serialize_field("kind", &self.kind)?;
        }
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.version.is_empty() {
            struct_ser.serialize_field("version", &self.version)?;
        }
        if !self.servers.is_empty() {
            struct_ser.serialize_field("servers", &self.servers)?;
        }
        if !self.lines.is_empty() {
            struct_ser.serialize_field("lines", &self.lines)?;
        }
        if !self.error.is_empty() {
            struct_ser.serialize_field("error", &self.error)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ProxyState {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "kind",
            "name",
            "version",
            "servers",
            "lines",
            "error",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Kind,
            Name,
            Version,
            Servers,
            Lines,
            Error,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "kind" => Ok(GeneratedField::Kind),
                            "name" => Ok(GeneratedField::Name),
                            "version" => Ok(GeneratedField::Version),
                            "servers" => Ok(GeneratedField::Servers),
                            "lines" => Ok(GeneratedField::Lines),
                            "error" => Ok(GeneratedField::Error),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ProxyState;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ProxyState")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ProxyState, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut kind__ = None;
                let mut name__ = None;
                let mut version__ = None;
                let mut servers__ = None;
                let mut lines__ = None;
                let mut error__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Kind => {
                            if kind__.is_some() {
                                return Err(serde::de::Error::duplicate_field("kind"));
                            }
                            kind__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Servers => {
                            if servers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("servers"));
                            }
                            servers__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Lines => {
                            if lines__.is_some() {
                                return Err(serde::de::Error::duplicate_field("lines"));
                            }
                            lines__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Error => {
                            if error__.is_some() {
                                return Err(serde::de::Error::duplicate_field("error"));
                            }
                            error__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ProxyState {
                    kind: kind__.unwrap_or_default(),
                    name: name__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                    servers: servers__.unwrap_or_default(),
                    lines: lines__.unwrap_or_default(),
                    error: error__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ProxyState", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Purpose {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        let variant = match self {
            Self::Unspecified => "PURPOSE_UNSPECIFIED",
            Self::Question => "PURPOSE_QUESTION",
            Self::NegativeControl => "PURPOSE_NEGATIVE_CONTROL",
            Self::PositiveControl => "PURPOSE_POSITIVE_CONTROL",
            Self::Contrast => "PURPOSE_CONTRAST",
        };
        serializer.serialize_str(variant)
    }
}
impl<'de> serde::Deserialize<'de> for Purpose {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "PURPOSE_UNSPECIFIED",
            "PURPOSE_QUESTION",
            "PURPOSE_NEGATIVE_CONTROL",
            "PURPOSE_POSITIVE_CONTROL",
            "PURPOSE_CONTRAST",
        ];

        struct GeneratedVisitor;

        impl serde::de::Visitor<'_> for GeneratedVisitor {
            type Value = Purpose;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, "expected one of: {:?}", &FIELDS)
            }

            fn visit_i64<E>(self, v: i64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok().or_else(|| Some(Purpose::default())))
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Signed(v), &self)
                    })
            }

            fn visit_u64<E>(self, v: u64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok().or_else(|| Some(Purpose::default())))
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Unsigned(v), &self)
                    })
            }

            fn visit_str<E>(self, value: &str) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                match value {
                    "PURPOSE_UNSPECIFIED" => Ok(Purpose::Unspecified),
                    "PURPOSE_QUESTION" => Ok(Purpose::Question),
                    "PURPOSE_NEGATIVE_CONTROL" => Ok(Purpose::NegativeControl),
                    "PURPOSE_POSITIVE_CONTROL" => Ok(Purpose::PositiveControl),
                    "PURPOSE_CONTRAST" => Ok(Purpose::Contrast),
                    _ => Ok(Purpose::default()),
                }
            }
        }
        deserializer.deserialize_any(GeneratedVisitor)
    }
}
impl serde::Serialize for RenewRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.csr.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.RenewRequest", len)?;
        if !self.csr.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("csr", pbjson::private::base64::encode(&self.csr).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RenewRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "csr",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Csr,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "csr" => Ok(GeneratedField::Csr),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RenewRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.RenewRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RenewRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut csr__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Csr => {
                            if csr__.is_some() {
                                return Err(serde::de::Error::duplicate_field("csr"));
                            }
                            csr__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(RenewRequest {
                    csr: csr__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.RenewRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ResolveDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.flavour.is_empty() {
            len += 1;
        }
        if !self.addresses.is_empty() {
            len += 1;
        }
        if !self.gai_error.is_empty() {
            len += 1;
        }
        if !self.gai_text.is_empty() {
            len += 1;
        }
        if self.still_waiting {
            len += 1;
        }
        if !self.servers.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ResolveDetail", len)?;
        if !self.flavour.is_empty() {
            struct_ser.serialize_field("flavour", &self.flavour)?;
        }
        if !self.addresses.is_empty() {
            struct_ser.serialize_field("addresses", &self.addresses)?;
        }
        if !self.gai_error.is_empty() {
            struct_ser.serialize_field("gai_error", &self.gai_error)?;
        }
        if !self.gai_text.is_empty() {
            struct_ser.serialize_field("gai_text", &self.gai_text)?;
        }
        if self.still_waiting {
            struct_ser.serialize_field("still_waiting", &self.still_waiting)?;
        }
        if !self.servers.is_empty() {
            struct_ser.serialize_field("servers", &self.servers)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ResolveDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "flavour",
            "addresses",
            "gai_error",
            "gaiError",
            "gai_text",
            "gaiText",
            "still_waiting",
            "stillWaiting",
            "servers",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Flavour,
            Addresses,
            GaiError,
            GaiText,
            StillWaiting,
            Servers,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "flavour" => Ok(GeneratedField::Flavour),
                            "addresses" => Ok(GeneratedField::Addresses),
                            "gaiError" | "gai_error" => Ok(GeneratedField::GaiError),
                            "gaiText" | "gai_text" => Ok(GeneratedField::GaiText),
                            "stillWaiting" | "still_waiting" => Ok(GeneratedField::StillWaiting),
                            "servers" => Ok(GeneratedField::Servers),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ResolveDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ResolveDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ResolveDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut flavour__ = None;
                let mut addresses__ = None;
                let mut gai_error__ = None;
                let mut gai_text__ = None;
                let mut still_waiting__ = None;
                let mut servers__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Flavour => {
                            if flavour__.is_some() {
                                return Err(serde::de::Error::duplicate_field("flavour"));
                            }
                            flavour__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Addresses => {
                            if addresses__.is_some() {
                                return Err(serde::de::Error::duplicate_field("addresses"));
                            }
                            addresses__ = Some(map_.next_value()?);
                        }
                        GeneratedField::GaiError => {
                            if gai_error__.is_some() {
                                return Err(serde::de::Error::duplicate_field("gaiError"));
                            }
                            gai_error__ = Some(map_.next_value()?);
                        }
                        GeneratedField::GaiText => {
                            if gai_text__.is_some() {
                                return Err(serde::de::Error::duplicate_field("gaiText"));
                            }
                            gai_text__ = Some(map_.next_value()?);
                        }
                        GeneratedField::StillWaiting => {
                            if still_waiting__.is_some() {
                                return Err(serde::de::Error::duplicate_field("stillWaiting"));
                            }
                            still_waiting__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Servers => {
                            if servers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("servers"));
                            }
                            servers__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ResolveDetail {
                    flavour: flavour__.unwrap_or_default(),
                    addresses: addresses__.unwrap_or_default(),
                    gai_error: gai_error__.unwrap_or_default(),
                    gai_text: gai_text__.unwrap_or_default(),
                    still_waiting: still_waiting__.unwrap_or_default(),
                    servers: servers__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ResolveDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ResolveSpec {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.family.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ResolveSpec", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.family.is_empty() {
            struct_ser.serialize_field("family", &self.family)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ResolveSpec {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "family",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Family,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "family" => Ok(GeneratedField::Family),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ResolveSpec;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ResolveSpec")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ResolveSpec, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut family__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Family => {
                            if family__.is_some() {
                                return Err(serde::de::Error::duplicate_field("family"));
                            }
                            family__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ResolveSpec {
                    name: name__.unwrap_or_default(),
                    family: family__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ResolveSpec", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ResolverDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.nameservers.is_empty() {
            len += 1;
        }
        if !self.search.is_empty() {
            len += 1;
        }
        if !self.options.is_empty() {
            len += 1;
        }
        if !self.nsswitch_hosts.is_empty() {
            len += 1;
        }
        if !self.hosts_entries.is_empty() {
            len += 1;
        }
        if !self.path.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ResolverDetail", len)?;
        if !self.nameservers.is_empty() {
            struct_ser.serialize_field("nameservers", &self.nameservers)?;
        }
        if !self.search.is_empty() {
            struct_ser.serialize_field("search", &self.search)?;
        }
        if !self.options.is_empty() {
            struct_ser.serialize_field("options", &self.options)?;
        }
        if !self.nsswitch_hosts.is_empty() {
            struct_ser.serialize_field("nsswitch_hosts", &self.nsswitch_hosts)?;
        }
        if !self.hosts_entries.is_empty() {
            struct_ser.serialize_field("hosts_entries", &self.hosts_entries)?;
        }
        if !self.path.is_empty() {
            struct_ser.serialize_field("path", &self.path)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ResolverDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "nameservers",
            "search",
            "options",
            "nsswitch_hosts",
            "nsswitchHosts",
            "hosts_entries",
            "hostsEntries",
            "path",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Nameservers,
            Search,
            Options,
            NsswitchHosts,
            HostsEntries,
            Path,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "nameservers" => Ok(GeneratedField::Nameservers),
                            "search" => Ok(GeneratedField::Search),
                            "options" => Ok(GeneratedField::Options),
                            "nsswitchHosts" | "nsswitch_hosts" => Ok(GeneratedField::NsswitchHosts),
                            "hostsEntries" | "hosts_entries" => Ok(GeneratedField::HostsEntries),
                            "path" => Ok(GeneratedField::Path),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ResolverDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ResolverDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ResolverDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut nameservers__ = None;
                let mut search__ = None;
                let mut options__ = None;
                let mut nsswitch_hosts__ = None;
                let mut hosts_entries__ = None;
                let mut path__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Nameservers => {
                            if nameservers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("nameservers"));
                            }
                            nameservers__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Search => {
                            if search__.is_some() {
                                return Err(serde::de::Error::duplicate_field("search"));
                            }
                            search__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Options => {
                            if options__.is_some() {
                                return Err(serde::de::Error::duplicate_field("options"));
                            }
                            options__ = Some(map_.next_value()?);
                        }
                        GeneratedField::NsswitchHosts => {
                            if nsswitch_hosts__.is_some() {
                                return Err(serde::de::Error::duplicate_field("nsswitchHosts"));
                            }
                            nsswitch_hosts__ = Some(map_.next_value()?);
                        }
                        GeneratedField::HostsEntries => {
                            if hosts_entries__.is_some() {
                                return Err(serde::de::Error::duplicate_field("hostsEntries"));
                            }
                            hosts_entries__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Path => {
                            if path__.is_some() {
                                return Err(serde::de::Error::duplicate_field("path"));
                            }
                            path__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ResolverDetail {
                    nameservers: nameservers__.unwrap_or_default(),
                    search: search__.unwrap_or_default(),
                    options: options__.unwrap_or_default(),
                    nsswitch_hosts: nsswitch_hosts__.unwrap_or_default(),
                    hosts_entries: hosts_entries__.unwrap_or_default(),
                    path: path__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ResolverDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ReuseDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.idle_us != 0 {
            len += 1;
        }
        if self.closed_at_us.is_some() {
            len += 1;
        }
        if !self.closed_by.is_empty() {
            len += 1;
        }
        if self.status != 0 {
            len += 1;
        }
        if !self.how.is_empty() {
            len += 1;
        }
        if !self.errno_name.is_empty() {
            len += 1;
        }
        if !self.text.is_empty() {
            len += 1;
        }
        if self.first_byte_us.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ReuseDetail", len)?;
        if self.idle_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("idle_us", ToString::to_string(&self.idle_us).as_str())?;
        }
        if let Some(v) = self.closed_at_us.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("closed_at_us", ToString::to_string(&v).as_str())?;
        }
        if !self.closed_by.is_empty() {
            struct_ser.serialize_field("closed_by", &self.closed_by)?;
        }
        if self.status != 0 {
            struct_ser.serialize_field("status", &self.status)?;
        }
        if !self.how.is_empty() {
            struct_ser.serialize_field("how", &self.how)?;
        }
        if !self.errno_name.is_empty() {
            struct_ser.serialize_field("errno_name", &self.errno_name)?;
        }
        if !self.text.is_empty() {
            struct_ser.serialize_field("text", &self.text)?;
        }
        if let Some(v) = self.first_byte_us.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("first_byte_us", ToString::to_string(&v).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ReuseDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "idle_us",
            "idleUs",
            "closed_at_us",
            "closedAtUs",
            "closed_by",
            "closedBy",
            "status",
            "how",
            "errno_name",
            "errnoName",
            "text",
            "first_byte_us",
            "firstByteUs",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            IdleUs,
            ClosedAtUs,
            ClosedBy,
            Status,
            How,
            ErrnoName,
            Text,
            FirstByteUs,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "idleUs" | "idle_us" => Ok(GeneratedField::IdleUs),
                            "closedAtUs" | "closed_at_us" => Ok(GeneratedField::ClosedAtUs),
                            "closedBy" | "closed_by" => Ok(GeneratedField::ClosedBy),
                            "status" => Ok(GeneratedField::Status),
                            "how" => Ok(GeneratedField::How),
                            "errnoName" | "errno_name" => Ok(GeneratedField::ErrnoName),
                            "text" => Ok(GeneratedField::Text),
                            "firstByteUs" | "first_byte_us" => Ok(GeneratedField::FirstByteUs),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ReuseDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ReuseDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ReuseDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut idle_us__ = None;
                let mut closed_at_us__ = None;
                let mut closed_by__ = None;
                let mut status__ = None;
                let mut how__ = None;
                let mut errno_name__ = None;
                let mut text__ = None;
                let mut first_byte_us__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::IdleUs => {
                            if idle_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("idleUs"));
                            }
                            idle_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ClosedAtUs => {
                            if closed_at_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("closedAtUs"));
                            }
                            closed_at_us__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::ClosedBy => {
                            if closed_by__.is_some() {
                                return Err(serde::de::Error::duplicate_field("closedBy"));
                            }
                            closed_by__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Status => {
                            if status__.is_some() {
                                return Err(serde::de::Error::duplicate_field("status"));
                            }
                            status__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::How => {
                            if how__.is_some() {
                                return Err(serde::de::Error::duplicate_field("how"));
                            }
                            how__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ErrnoName => {
                            if errno_name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("errnoName"));
                            }
                            errno_name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Text => {
                            if text__.is_some() {
                                return Err(serde::de::Error::duplicate_field("text"));
                            }
                            text__ = Some(map_.next_value()?);
                        }
                        GeneratedField::FirstByteUs => {
                            if first_byte_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("firstByteUs"));
                            }
                            first_byte_us__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ReuseDetail {
                    idle_us: idle_us__.unwrap_or_default(),
                    closed_at_us: closed_at_us__,
                    closed_by: closed_by__.unwrap_or_default(),
                    status: status__.unwrap_or_default(),
                    how: how__.unwrap_or_default(),
                    errno_name: errno_name__.unwrap_or_default(),
                    text: text__.unwrap_or_default(),
                    first_byte_us: first_byte_us__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ReuseDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for RevokeReply {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.member.is_empty() {
            len += 1;
        }
        if self.closed != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.RevokeReply", len)?;
        if !self.member.is_empty() {
            struct_ser.serialize_field("member", &self.member)?;
        }
        if self.closed != 0 {
            struct_ser.serialize_field("closed", &self.closed)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RevokeReply {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "member",
            "closed",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Member,
            Closed,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "member" => Ok(GeneratedField::Member),
                            "closed" => Ok(GeneratedField::Closed),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RevokeReply;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.RevokeReply")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RevokeReply, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut member__ = None;
                let mut closed__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Member => {
                            if member__.is_some() {
                                return Err(serde::de::Error::duplicate_field("member"));
                            }
                            member__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Closed => {
                            if closed__.is_some() {
                                return Err(serde::de::Error::duplicate_field("closed"));
                            }
                            closed__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(RevokeReply {
                    member: member__.unwrap_or_default(),
                    closed: closed__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.RevokeReply", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for RevokeRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.RevokeRequest", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RevokeRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RevokeRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.RevokeRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RevokeRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(RevokeRequest {
                    name: name__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.RevokeRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for RoundRecord {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.round != 0 {
            len += 1;
        }
        if !self.why.is_empty() {
            len += 1;
        }
        if self.elapsed_us != 0 {
            len += 1;
        }
        if !self.tasks.is_empty() {
            len += 1;
        }
        if !self.errors.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.RoundRecord", len)?;
        if self.round != 0 {
            struct_ser.serialize_field("round", &self.round)?;
        }
        if !self.why.is_empty() {
            struct_ser.serialize_field("why", &self.why)?;
        }
        if self.elapsed_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("elapsed_us", ToString::to_string(&self.elapsed_us).as_str())?;
        }
        if !self.tasks.is_empty() {
            struct_ser.serialize_field("tasks", &self.tasks)?;
        }
        if !self.errors.is_empty() {
            struct_ser.serialize_field("errors", &self.errors)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RoundRecord {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "round",
            "why",
            "elapsed_us",
            "elapsedUs",
            "tasks",
            "errors",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Round,
            Why,
            ElapsedUs,
            Tasks,
            Errors,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "round" => Ok(GeneratedField::Round),
                            "why" => Ok(GeneratedField::Why),
                            "elapsedUs" | "elapsed_us" => Ok(GeneratedField::ElapsedUs),
                            "tasks" => Ok(GeneratedField::Tasks),
                            "errors" => Ok(GeneratedField::Errors),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RoundRecord;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.RoundRecord")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RoundRecord, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut round__ = None;
                let mut why__ = None;
                let mut elapsed_us__ = None;
                let mut tasks__ = None;
                let mut errors__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Round => {
                            if round__.is_some() {
                                return Err(serde::de::Error::duplicate_field("round"));
                            }
                            round__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Why => {
                            if why__.is_some() {
                                return Err(serde::de::Error::duplicate_field("why"));
                            }
                            why__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ElapsedUs => {
                            if elapsed_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("elapsedUs"));
                            }
                            elapsed_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Tasks => {
                            if tasks__.is_some() {
                                return Err(serde::de::Error::duplicate_field("tasks"));
                            }
                            tasks__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Errors => {
                            if errors__.is_some() {
                                return Err(serde::de::Error::duplicate_field("errors"));
                            }
                            errors__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(RoundRecord {
                    round: round__.unwrap_or_default(),
                    why: why__.unwrap_or_default(),
                    elapsed_us: elapsed_us__.unwrap_or_default(),
                    tasks: tasks__.unwrap_or_default(),
                    errors: errors__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.RoundRecord", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for RoundStarted {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.round != 0 {
            len += 1;
        }
        if !self.why.is_empty() {
            len += 1;
        }
        if self.probes != 0 {
            len += 1;
        }
        if self.elapsed_us != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.RoundStarted", len)?;
        if self.round != 0 {
            struct_ser.serialize_field("round", &self.round)?;
        }
        if !self.why.is_empty() {
            struct_ser.serialize_field("why", &self.why)?;
        }
        if self.probes != 0 {
            struct_ser.serialize_field("probes", &self.probes)?;
        }
        if self.elapsed_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("elapsed_us", ToString::to_string(&self.elapsed_us).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RoundStarted {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "round",
            "why",
            "probes",
            "elapsed_us",
            "elapsedUs",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Round,
            Why,
            Probes,
            ElapsedUs,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "round" => Ok(GeneratedField::Round),
                            "why" => Ok(GeneratedField::Why),
                            "probes" => Ok(GeneratedField::Probes),
                            "elapsedUs" | "elapsed_us" => Ok(GeneratedField::ElapsedUs),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RoundStarted;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.RoundStarted")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RoundStarted, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut round__ = None;
                let mut why__ = None;
                let mut probes__ = None;
                let mut elapsed_us__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Round => {
                            if round__.is_some() {
                                return Err(serde::de::Error::duplicate_field("round"));
                            }
                            round__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Why => {
                            if why__.is_some() {
                                return Err(serde::de::Error::duplicate_field("why"));
                            }
                            why__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Probes => {
                            if probes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("probes"));
                            }
                            probes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ElapsedUs => {
                            if elapsed_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("elapsedUs"));
                            }
                            elapsed_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(RoundStarted {
                    round: round__.unwrap_or_default(),
                    why: why__.unwrap_or_default(),
                    probes: probes__.unwrap_or_default(),
                    elapsed_us: elapsed_us__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.RoundStarted", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for RoundTasks {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.vantage.is_empty() {
            len += 1;
        }
        if !self.probes.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.RoundTasks", len)?;
        if !self.vantage.is_empty() {
            struct_ser.serialize_field("vantage", &self.vantage)?;
        }
        if !self.probes.is_empty() {
            struct_ser.serialize_field("probes", &self.probes)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RoundTasks {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "vantage",
            "probes",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Vantage,
            Probes,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "vantage" => Ok(GeneratedField::Vantage),
                            "probes" => Ok(GeneratedField::Probes),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RoundTasks;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.RoundTasks")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RoundTasks, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut vantage__ = None;
                let mut probes__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Vantage => {
                            if vantage__.is_some() {
                                return Err(serde::de::Error::duplicate_field("vantage"));
                            }
                            vantage__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Probes => {
                            if probes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("probes"));
                            }
                            probes__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(RoundTasks {
                    vantage: vantage__.unwrap_or_default(),
                    probes: probes__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.RoundTasks", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Route {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.destination.is_empty() {
            len += 1;
        }
        if !self.source.is_empty() {
            len += 1;
        }
        if !self.gateway.is_empty() {
            len += 1;
        }
        if !self.interface.is_empty() {
            len += 1;
        }
        if self.mtu.is_some() {
            len += 1;
        }
        if self.mtu_cached {
            len += 1;
        }
        if !self.kind.is_empty() {
            len += 1;
        }
        if !self.error.is_empty() {
            len += 1;
        }
        if self.errno != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Route", len)?;
        if !self.destination.is_empty() {
            struct_ser.serialize_field("destination", &self.destination)?;
        }
        if !self.source.is_empty() {
            struct_ser.serialize_field("source", &self.source)?;
        }
        if !self.gateway.is_empty() {
            struct_ser.serialize_field("gateway", &self.gateway)?;
        }
        if !self.interface.is_empty() {
            struct_ser.serialize_field("interface", &self.interface)?;
        }
        if let Some(v) = self.mtu.as_ref() {
            struct_ser.serialize_field("mtu", v)?;
        }
        if self.mtu_cached {
            struct_ser.serialize_field("mtu_cached", &self.mtu_cached)?;
        }
        if !self.kind.is_empty() {
            struct_ser.serialize_field("kind", &self.kind)?;
        }
        if !self.error.is_empty() {
            struct_ser.serialize_field("error", &self.error)?;
        }
        if self.errno != 0 {
            struct_ser.serialize_field("errno", &self.errno)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Route {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "destination",
            "source",
            "gateway",
            "interface",
            "mtu",
            "mtu_cached",
            "mtuCached",
            "kind",
            "error",
            "errno",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Destination,
            Source,
            Gateway,
            Interface,
            Mtu,
            MtuCached,
            Kind,
            Error,
            Errno,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "destination" => Ok(GeneratedField::Destination),
                            "source" => Ok(GeneratedField::Source),
                            "gateway" => Ok(GeneratedField::Gateway),
                            "interface" => Ok(GeneratedField::Interface),
                            "mtu" => Ok(GeneratedField::Mtu),
                            "mtuCached" | "mtu_cached" => Ok(GeneratedField::MtuCached),
                            "kind" => Ok(GeneratedField::Kind),
                            "error" => Ok(GeneratedField::Error),
                            "errno" => Ok(GeneratedField::Errno),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Route;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Route")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Route, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut destination__ = None;
                let mut source__ = None;
                let mut gateway__ = None;
                let mut interface__ = None;
                let mut mtu__ = None;
                let mut mtu_cached__ = None;
                let mut kind__ = None;
                let mut error__ = None;
                let mut errno__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Destination => {
                            if destination__.is_some() {
                                return Err(serde::de::Error::duplicate_field("destination"));
                            }
                            destination__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Source => {
                            if source__.is_some() {
                                return Err(serde::de::Error::duplicate_field("source"));
                            }
                            source__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Gateway => {
                            if gateway__.is_some() {
                                return Err(serde::de::Error::duplicate_field("gateway"));
                            }
                            gateway__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Interface => {
                            if interface__.is_some() {
                                return Err(serde::de::Error::duplicate_field("interface"));
                            }
                            interface__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Mtu => {
                            if mtu__.is_some() {
                                return Err(serde::de::Error::duplicate_field("mtu"));
                            }
                            mtu__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::MtuCached => {
                            if mtu_cached__.is_some() {
                                return Err(serde::de::Error::duplicate_field("mtuCached"));
                            }
                            mtu_cached__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Kind => {
                            if kind__.is_some() {
                                return Err(serde::de::Error::duplicate_field("kind"));
                            }
                            kind__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Error => {
                            if error__.is_some() {
                                return Err(serde::de::Error::duplicate_field("error"));
                            }
                            error__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Errno => {
                            if errno__.is_some() {
                                return Err(serde::de::Error::duplicate_field("errno"));
                            }
                            errno__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Route {
                    destination: destination__.unwrap_or_default(),
                    source: source__.unwrap_or_default(),
                    gateway: gateway__.unwrap_or_default(),
                    interface: interface__.unwrap_or_default(),
                    mtu: mtu__,
                    mtu_cached: mtu_cached__.unwrap_or_default(),
                    kind: kind__.unwrap_or_default(),
                    error: error__.unwrap_or_default(),
                    errno: errno__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Route", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for RouteDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.routes.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.RouteDetail", len)?;
        if !self.routes.is_empty() {
            struct_ser.serialize_field("routes", &self.routes)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RouteDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "routes",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Routes,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "routes" => Ok(GeneratedField::Routes),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RouteDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.RouteDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RouteDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut routes__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Routes => {
                            if routes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("routes"));
                            }
                            routes__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(RouteDetail {
                    routes: routes__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.RouteDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for RunRecord {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.run.is_empty() {
            len += 1;
        }
        if self.started_us != 0 {
            len += 1;
        }
        if self.duration_us != 0 {
            len += 1;
        }
        if !self.status.is_empty() {
            len += 1;
        }
        if !self.tool_version.is_empty() {
            len += 1;
        }
        if self.request.is_some() {
            len += 1;
        }
        if !self.vantages.is_empty() {
            len += 1;
        }
        if !self.unreachable.is_empty() {
            len += 1;
        }
        if !self.resumes.is_empty() {
            len += 1;
        }
        if self.late != 0 {
            len += 1;
        }
        if !self.notes.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.RunRecord", len)?;
        if !self.run.is_empty() {
            struct_ser.serialize_field("run", &self.run)?;
        }
        if self.started_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("started_us", ToString::to_string(&self.started_us).as_str())?;
        }
        if self.duration_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("duration_us", ToString::to_string(&self.duration_us).as_str())?;
        }
        if !self.status.is_empty() {
            struct_ser.serialize_field("status", &self.status)?;
        }
        if !self.tool_version.is_empty() {
            struct_ser.serialize_field("tool_version", &self.tool_version)?;
        }
        if let Some(v) = self.request.as_ref() {
            struct_ser.serialize_field("request", v)?;
        }
        if !self.vantages.is_empty() {
            struct_ser.serialize_field("vantages", &self.vantages)?;
        }
        if !self.unreachable.is_empty() {
            struct_ser.serialize_field("unreachable", &self.unreachable)?;
        }
        if !self.resumes.is_empty() {
            struct_ser.serialize_field("resumes", &self.resumes)?;
        }
        if self.late != 0 {
            struct_ser.serialize_field("late", &self.late)?;
        }
        if !self.notes.is_empty() {
            struct_ser.serialize_field("notes", &self.notes)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RunRecord {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "run",
            "started_us",
            "startedUs",
            "duration_us",
            "durationUs",
            "status",
            "tool_version",
            "toolVersion",
            "request",
            "vantages",
            "unreachable",
            "resumes",
            "late",
            "notes",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Run,
            StartedUs,
            DurationUs,
            Status,
            ToolVersion,
            Request,
            Vantages,
            Unreachable,
            Resumes,
            Late,
            Notes,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "run" => Ok(GeneratedField::Run),
                            "startedUs" | "started_us" => Ok(GeneratedField::StartedUs),
                            "durationUs" | "duration_us" => Ok(GeneratedField::DurationUs),
                            "status" => Ok(GeneratedField::Status),
                            "toolVersion" | "tool_version" => Ok(GeneratedField::ToolVersion),
                            "request" => Ok(GeneratedField::Request),
                            "vantages" => Ok(GeneratedField::Vantages),
                            "unreachable" => Ok(GeneratedField::Unreachable),
                            "resumes" => Ok(GeneratedField::Resumes),
                            "late" => Ok(GeneratedField::Late),
                            "notes" => Ok(GeneratedField::Notes),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RunRecord;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.RunRecord")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RunRecord, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut run__ = None;
                let mut started_us__ = None;
                let mut duration_us__ = None;
                let mut status__ = None;
                let mut tool_version__ = None;
                let mut request__ = None;
                let mut vantages__ = None;
                let mut unreachable__ = None;
                let mut resumes__ = None;
                let mut late__ = None;
                let mut notes__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Run => {
                            if run__.is_some() {
                                return Err(serde::de::Error::duplicate_field("run"));
                            }
                            run__ = Some(map_.next_value()?);
                        }
                        GeneratedField::StartedUs => {
                            if started_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("startedUs"));
                            }
                            started_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::DurationUs => {
                            if duration_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("durationUs"));
                            }
                            duration_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Status => {
                            if status__.is_some() {
                                return Err(serde::de::Error::duplicate_field("status"));
                            }
                            status__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ToolVersion => {
                            if tool_version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("toolVersion"));
                            }
                            tool_version__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Request => {
                            if request__.is_some() {
                                return Err(serde::de::Error::duplicate_field("request"));
                            }
                            request__ = map_.next_value()?;
                        }
                        GeneratedField::Vantages => {
                            if vantages__.is_some() {
                                return Err(serde::de::Error::duplicate_field("vantages"));
                            }
                            vantages__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Unreachable => {
                            if unreachable__.is_some() {
                                return Err(serde::de::Error::duplicate_field("unreachable"));
                            }
                            unreachable__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Resumes => {
                            if resumes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("resumes"));
                            }
                            resumes__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Late => {
                            if late__.is_some() {
                                return Err(serde::de::Error::duplicate_field("late"));
                            }
                            late__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Notes => {
                            if notes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("notes"));
                            }
                            notes__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(RunRecord {
                    run: run__.unwrap_or_default(),
                    started_us: started_us__.unwrap_or_default(),
                    duration_us: duration_us__.unwrap_or_default(),
                    status: status__.unwrap_or_default(),
                    tool_version: tool_version__.unwrap_or_default(),
                    request: request__,
                    vantages: vantages__.unwrap_or_default(),
                    unreachable: unreachable__.unwrap_or_default(),
                    resumes: resumes__.unwrap_or_default(),
                    late: late__.unwrap_or_default(),
                    notes: notes__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.RunRecord", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for RunRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.run.is_empty() {
            len += 1;
        }
        if self.round != 0 {
            len += 1;
        }
        if !self.vantage.is_empty() {
            len += 1;
        }
        if !self.vantage_as.is_empty() {
            len += 1;
        }
        if self.start_us != 0 {
            len += 1;
        }
        if self.deadline_us != 0 {
            len += 1;
        }
        if !self.probes.is_empty() {
            len += 1;
        }
        if self.clock_offset_us != 0 {
            len += 1;
        }
        if self.clock_bound_us != 0 {
            len += 1;
        }
        if self.protocol != 0 {
            len += 1;
        }
        if self.start_steady_us != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.RunRequest", len)?;
        if !self.run.is_empty() {
            struct_ser.serialize_field("run", &self.run)?;
        }
        if self.round != 0 {
            struct_ser.serialize_field("round", &self.round)?;
        }
        if !self.vantage.is_empty() {
            struct_ser.serialize_field("vantage", &self.vantage)?;
        }
        if !self.vantage_as.is_empty() {
            struct_ser.serialize_field("vantage_as", &self.vantage_as)?;
        }
        if self.start_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("start_us", ToString::to_string(&self.start_us).as_str())?;
        }
        if self.deadline_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("deadline_us", ToString::to_string(&self.deadline_us).as_str())?;
        }
        if !self.probes.is_empty() {
            struct_ser.serialize_field("probes", &self.probes)?;
        }
        if self.clock_offset_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("clock_offset_us", ToString::to_string(&self.clock_offset_us).as_str())?;
        }
        if self.clock_bound_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("clock_bound_us", ToString::to_string(&self.clock_bound_us).as_str())?;
        }
        if self.protocol != 0 {
            struct_ser.serialize_field("protocol", &self.protocol)?;
        }
        if self.start_steady_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("start_steady_us", ToString::to_string(&self.start_steady_us).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RunRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "run",
            "round",
            "vantage",
            "vantage_as",
            "vantageAs",
            "start_us",
            "startUs",
            "deadline_us",
            "deadlineUs",
            "probes",
            "clock_offset_us",
            "clockOffsetUs",
            "clock_bound_us",
            "clockBoundUs",
            "protocol",
            "start_steady_us",
            "startSteadyUs",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Run,
            Round,
            Vantage,
            VantageAs,
            StartUs,
            DeadlineUs,
            Probes,
            ClockOffsetUs,
            ClockBoundUs,
            Protocol,
            StartSteadyUs,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "run" => Ok(GeneratedField::Run),
                            "round" => Ok(GeneratedField::Round),
                            "vantage" => Ok(GeneratedField::Vantage),
                            "vantageAs" | "vantage_as" => Ok(GeneratedField::VantageAs),
                            "startUs" | "start_us" => Ok(GeneratedField::StartUs),
                            "deadlineUs" | "deadline_us" => Ok(GeneratedField::DeadlineUs),
                            "probes" => Ok(GeneratedField::Probes),
                            "clockOffsetUs" | "clock_offset_us" => Ok(GeneratedField::ClockOffsetUs),
                            "clockBoundUs" | "clock_bound_us" => Ok(GeneratedField::ClockBoundUs),
                            "protocol" => Ok(GeneratedField::Protocol),
                            "startSteadyUs" | "start_steady_us" => Ok(GeneratedField::StartSteadyUs),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RunRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.RunRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RunRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut run__ = None;
                let mut round__ = None;
                let mut vantage__ = None;
                let mut vantage_as__ = None;
                let mut start_us__ = None;
                let mut deadline_us__ = None;
                let mut probes__ = None;
                let mut clock_offset_us__ = None;
                let mut clock_bound_us__ = None;
                let mut protocol__ = None;
                let mut start_steady_us__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Run => {
                            if run__.is_some() {
                                return Err(serde::de::Error::duplicate_field("run"));
                            }
                            run__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Round => {
                            if round__.is_some() {
                                return Err(serde::de::Error::duplicate_field("round"));
                            }
                            round__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Vantage => {
                            if vantage__.is_some() {
                                return Err(serde::de::Error::duplicate_field("vantage"));
                            }
                            vantage__ = Some(map_.next_value()?);
                        }
                        GeneratedField::VantageAs => {
                            if vantage_as__.is_some() {
                                return Err(serde::de::Error::duplicate_field("vantageAs"));
                            }
                            vantage_as__ = Some(map_.next_value()?);
                        }
                        GeneratedField::StartUs => {
                            if start_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("startUs"));
                            }
                            start_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::DeadlineUs => {
                            if deadline_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("deadlineUs"));
                            }
                            deadline_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Probes => {
                            if probes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("probes"));
                            }
                            probes__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ClockOffsetUs => {
                            if clock_offset_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("clockOffsetUs"));
                            }
                            clock_offset_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ClockBoundUs => {
                            if clock_bound_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("clockBoundUs"));
                            }
                            clock_bound_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Protocol => {
                            if protocol__.is_some() {
                                return Err(serde::de::Error::duplicate_field("protocol"));
                            }
                            protocol__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::StartSteadyUs => {
                            if start_steady_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("startSteadyUs"));
                            }
                            start_steady_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(RunRequest {
                    run: run__.unwrap_or_default(),
                    round: round__.unwrap_or_default(),
                    vantage: vantage__.unwrap_or_default(),
                    vantage_as: vantage_as__.unwrap_or_default(),
                    start_us: start_us__.unwrap_or_default(),
                    deadline_us: deadline_us__.unwrap_or_default(),
                    probes: probes__.unwrap_or_default(),
                    clock_offset_us: clock_offset_us__.unwrap_or_default(),
                    clock_bound_us: clock_bound_us__.unwrap_or_default(),
                    protocol: protocol__.unwrap_or_default(),
                    start_steady_us: start_steady_us__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.RunRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for RunRow {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.run.is_empty() {
            len += 1;
        }
        if self.started_us != 0 {
            len += 1;
        }
        if !self.target.is_empty() {
            len += 1;
        }
        if !self.status.is_empty() {
            len += 1;
        }
        if !self.location.is_empty() {
            len += 1;
        }
        if !self.cause.is_empty() {
            len += 1;
        }
        if self.bytes != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.RunRow", len)?;
        if !self.run.is_empty() {
            struct_ser.serialize_field("run", &self.run)?;
        }
        if self.started_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("started_us", ToString::to_string(&self.started_us).as_str())?;
        }
        if !self.target.is_empty() {
            struct_ser.serialize_field("target", &self.target)?;
        }
        if !self.status.is_empty() {
            struct_ser.serialize_field("status", &self.status)?;
        }
        if !self.location.is_empty() {
            struct_ser.serialize_field("location", &self.location)?;
        }
        if !self.cause.is_empty() {
            struct_ser.serialize_field("cause", &self.cause)?;
        }
        if self.bytes != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("bytes", ToString::to_string(&self.bytes).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for RunRow {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "run",
            "started_us",
            "startedUs",
            "target",
            "status",
            "location",
            "cause",
            "bytes",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Run,
            StartedUs,
            Target,
            Status,
            Location,
            Cause,
            Bytes,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "run" => Ok(GeneratedField::Run),
                            "startedUs" | "started_us" => Ok(GeneratedField::StartedUs),
                            "target" => Ok(GeneratedField::Target),
                            "status" => Ok(GeneratedField::Status),
                            "location" => Ok(GeneratedField::Location),
                            "cause" => Ok(GeneratedField::Cause),
                            "bytes" => Ok(GeneratedField::Bytes),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = RunRow;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.RunRow")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<RunRow, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut run__ = None;
                let mut started_us__ = None;
                let mut target__ = None;
                let mut status__ = None;
                let mut location__ = None;
                let mut cause__ = None;
                let mut bytes__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Run => {
                            if run__.is_some() {
                                return Err(serde::de::Error::duplicate_field("run"));
                            }
                            run__ = Some(map_.next_value()?);
                        }
                        GeneratedField::StartedUs => {
                            if started_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("startedUs"));
                            }
                            started_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Target => {
                            if target__.is_some() {
                                return Err(serde::de::Error::duplicate_field("target"));
                            }
                            target__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Status => {
                            if status__.is_some() {
                                return Err(serde::de::Error::duplicate_field("status"));
                            }
                            status__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Location => {
                            if location__.is_some() {
                                return Err(serde::de::Error::duplicate_field("location"));
                            }
                            location__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Cause => {
                            if cause__.is_some() {
                                return Err(serde::de::Error::duplicate_field("cause"));
                            }
                            cause__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Bytes => {
                            if bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bytes"));
                            }
                            bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(RunRow {
                    run: run__.unwrap_or_default(),
                    started_us: started_us__.unwrap_or_default(),
                    target: target__.unwrap_or_default(),
                    status: status__.unwrap_or_default(),
                    location: location__.unwrap_or_default(),
                    cause: cause__.unwrap_or_default(),
                    bytes: bytes__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.RunRow", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for ServicePort {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if !self.target_port.is_empty() {
            len += 1;
        }
        if !self.protocol.is_empty() {
            len += 1;
        }
        if !self.endpoints.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.ServicePort", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if !self.target_port.is_empty() {
            struct_ser.serialize_field("target_port", &self.target_port)?;
        }
        if !self.protocol.is_empty() {
            struct_ser.serialize_field("protocol", &self.protocol)?;
        }
        if !self.endpoints.is_empty() {
            struct_ser.serialize_field("endpoints", &self.endpoints)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for ServicePort {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "port",
            "target_port",
            "targetPort",
            "protocol",
            "endpoints",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Port,
            TargetPort,
            Protocol,
            Endpoints,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "port" => Ok(GeneratedField::Port),
                            "targetPort" | "target_port" => Ok(GeneratedField::TargetPort),
                            "protocol" => Ok(GeneratedField::Protocol),
                            "endpoints" => Ok(GeneratedField::Endpoints),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = ServicePort;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.ServicePort")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<ServicePort, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut port__ = None;
                let mut target_port__ = None;
                let mut protocol__ = None;
                let mut endpoints__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::TargetPort => {
                            if target_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("targetPort"));
                            }
                            target_port__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Protocol => {
                            if protocol__.is_some() {
                                return Err(serde::de::Error::duplicate_field("protocol"));
                            }
                            protocol__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Endpoints => {
                            if endpoints__.is_some() {
                                return Err(serde::de::Error::duplicate_field("endpoints"));
                            }
                            endpoints__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(ServicePort {
                    name: name__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    target_port: target_port__.unwrap_or_default(),
                    protocol: protocol__.unwrap_or_default(),
                    endpoints: endpoints__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.ServicePort", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for SocketDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.listeners.is_empty() {
            len += 1;
        }
        if !self.peers.is_empty() {
            len += 1;
        }
        if self.complete {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.SocketDetail", len)?;
        if !self.listeners.is_empty() {
            struct_ser.serialize_field("listeners", &self.listeners)?;
        }
        if !self.peers.is_empty() {
            struct_ser.serialize_field("peers", &self.peers)?;
        }
        if self.complete {
            struct_ser.serialize_field("complete", &self.complete)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for SocketDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "listeners",
            "peers",
            "complete",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Listeners,
            Peers,
            Complete,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "listeners" => Ok(GeneratedField::Listeners),
                            "peers" => Ok(GeneratedField::Peers),
                            "complete" => Ok(GeneratedField::Complete),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = SocketDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.SocketDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<SocketDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut listeners__ = None;
                let mut peers__ = None;
                let mut complete__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Listeners => {
                            if listeners__.is_some() {
                                return Err(serde::de::Error::duplicate_field("listeners"));
                            }
                            listeners__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Peers => {
                            if peers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("peers"));
                            }
                            peers__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Complete => {
                            if complete__.is_some() {
                                return Err(serde::de::Error::duplicate_field("complete"));
                            }
                            complete__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(SocketDetail {
                    listeners: listeners__.unwrap_or_default(),
                    peers: peers__.unwrap_or_default(),
                    complete: complete__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.SocketDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for SocketRow {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.state.is_empty() {
            len += 1;
        }
        if !self.local_address.is_empty() {
            len += 1;
        }
        if self.local_port != 0 {
            len += 1;
        }
        if !self.remote_address.is_empty() {
            len += 1;
        }
        if self.remote_port != 0 {
            len += 1;
        }
        if self.recv_queue != 0 {
            len += 1;
        }
        if self.send_queue != 0 {
            len += 1;
        }
        if self.uid != 0 {
            len += 1;
        }
        if self.info.is_some() {
            len += 1;
        }
        if !self.protocol.is_empty() {
            len += 1;
        }
        if self.v6only {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.SocketRow", len)?;
        if !self.state.is_empty() {
            struct_ser.serialize_field("state", &self.state)?;
        }
        if !self.local_address.is_empty() {
            struct_ser.serialize_field("local_address", &self.local_address)?;
        }
        if self.local_port != 0 {
            struct_ser.serialize_field("local_port", &self.local_port)?;
        }
        if !self.remote_address.is_empty() {
            struct_ser.serialize_field("remote_address", &self.remote_address)?;
        }
        if self.remote_port != 0 {
            struct_ser.serialize_field("remote_port", &self.remote_port)?;
        }
        if self.recv_queue != 0 {
            struct_ser.serialize_field("recv_queue", &self.recv_queue)?;
        }
        if self.send_queue != 0 {
            struct_ser.serialize_field("send_queue", &self.send_queue)?;
        }
        if self.uid != 0 {
            struct_ser.serialize_field("uid", &self.uid)?;
        }
        if let Some(v) = self.info.as_ref() {
            struct_ser.serialize_field("info", v)?;
        }
        if !self.protocol.is_empty() {
            struct_ser.serialize_field("protocol", &self.protocol)?;
        }
        if self.v6only {
            struct_ser.serialize_field("v6only", &self.v6only)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for SocketRow {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "state",
            "local_address",
            "localAddress",
            "local_port",
            "localPort",
            "remote_address",
            "remoteAddress",
            "remote_port",
            "remotePort",
            "recv_queue",
            "recvQueue",
            "send_queue",
            "sendQueue",
            "uid",
            "info",
            "protocol",
            "v6only",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            State,
            LocalAddress,
            LocalPort,
            RemoteAddress,
            RemotePort,
            RecvQueue,
            SendQueue,
            Uid,
            Info,
            Protocol,
            V6only,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "state" => Ok(GeneratedField::State),
                            "localAddress" | "local_address" => Ok(GeneratedField::LocalAddress),
                            "localPort" | "local_port" => Ok(GeneratedField::LocalPort),
                            "remoteAddress" | "remote_address" => Ok(GeneratedField::RemoteAddress),
                            "remotePort" | "remote_port" => Ok(GeneratedField::RemotePort),
                            "recvQueue" | "recv_queue" => Ok(GeneratedField::RecvQueue),
                            "sendQueue" | "send_queue" => Ok(GeneratedField::SendQueue),
                            "uid" => Ok(GeneratedField::Uid),
                            "info" => Ok(GeneratedField::Info),
                            "protocol" => Ok(GeneratedField::Protocol),
                            "v6only" => Ok(GeneratedField::V6only),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = SocketRow;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.SocketRow")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<SocketRow, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut state__ = None;
                let mut local_address__ = None;
                let mut local_port__ = None;
                let mut remote_address__ = None;
                let mut remote_port__ = None;
                let mut recv_queue__ = None;
                let mut send_queue__ = None;
                let mut uid__ = None;
                let mut info__ = None;
                let mut protocol__ = None;
                let mut v6only__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::State => {
                            if state__.is_some() {
                                return Err(serde::de::Error::duplicate_field("state"));
                            }
                            state__ = Some(map_.next_value()?);
                        }
                        GeneratedField::LocalAddress => {
                            if local_address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("localAddress"));
                            }
                            local_address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::LocalPort => {
                            if local_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("localPort"));
                            }
                            local_port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::RemoteAddress => {
                            if remote_address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("remoteAddress"));
                            }
                            remote_address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::RemotePort => {
                            if remote_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("remotePort"));
                            }
                            remote_port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::RecvQueue => {
                            if recv_queue__.is_some() {
                                return Err(serde::de::Error::duplicate_field("recvQueue"));
                            }
                            recv_queue__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::SendQueue => {
                            if send_queue__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sendQueue"));
                            }
                            send_queue__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Uid => {
                            if uid__.is_some() {
                                return Err(serde::de::Error::duplicate_field("uid"));
                            }
                            uid__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Info => {
                            if info__.is_some() {
                                return Err(serde::de::Error::duplicate_field("info"));
                            }
                            info__ = map_.next_value()?;
                        }
                        GeneratedField::Protocol => {
                            if protocol__.is_some() {
                                return Err(serde::de::Error::duplicate_field("protocol"));
                            }
                            protocol__ = Some(map_.next_value()?);
                        }
                        GeneratedField::V6only => {
                            if v6only__.is_some() {
                                return Err(serde::de::Error::duplicate_field("v6only"));
                            }
                            v6only__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(SocketRow {
                    state: state__.unwrap_or_default(),
                    local_address: local_address__.unwrap_or_default(),
                    local_port: local_port__.unwrap_or_default(),
                    remote_address: remote_address__.unwrap_or_default(),
                    remote_port: remote_port__.unwrap_or_default(),
                    recv_queue: recv_queue__.unwrap_or_default(),
                    send_queue: send_queue__.unwrap_or_default(),
                    uid: uid__.unwrap_or_default(),
                    info: info__,
                    protocol: protocol__.unwrap_or_default(),
                    v6only: v6only__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.SocketRow", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Source {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        let variant = match self {
            Self::Unspecified => "SOURCE_UNSPECIFIED",
            Self::Routes => "SOURCE_ROUTES",
            Self::Resolver => "SOURCE_RESOLVER",
            Self::Sockets => "SOURCE_SOCKETS",
            Self::Counters => "SOURCE_COUNTERS",
            Self::Firewall => "SOURCE_FIREWALL",
            Self::Links => "SOURCE_LINKS",
            Self::Neighbours => "SOURCE_NEIGHBOURS",
            Self::Conntrack => "SOURCE_CONNTRACK",
            Self::KernelLog => "SOURCE_KERNEL_LOG",
            Self::ProxyState => "SOURCE_PROXY_STATE",
        };
        serializer.serialize_str(variant)
    }
}
impl<'de> serde::Deserialize<'de> for Source {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "SOURCE_UNSPECIFIED",
            "SOURCE_ROUTES",
            "SOURCE_RESOLVER",
            "SOURCE_SOCKETS",
            "SOURCE_COUNTERS",
            "SOURCE_FIREWALL",
            "SOURCE_LINKS",
            "SOURCE_NEIGHBOURS",
            "SOURCE_CONNTRACK",
            "SOURCE_KERNEL_LOG",
            "SOURCE_PROXY_STATE",
        ];

        struct GeneratedVisitor;

        impl serde::de::Visitor<'_> for GeneratedVisitor {
            type Value = Source;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, "expected one of: {:?}", &FIELDS)
            }

            fn visit_i64<E>(self, v: i64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok().or_else(|| Some(Source::default())))
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Signed(v), &self)
                    })
            }

            fn visit_u64<E>(self, v: u64) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                i32::try_from(v)
                    .ok()
                    .and_then(|x| x.try_into().ok().or_else(|| Some(Source::default())))
                    .ok_or_else(|| {
                        serde::de::Error::invalid_value(serde::de::Unexpected::Unsigned(v), &self)
                    })
            }

            fn visit_str<E>(self, value: &str) -> std::result::Result<Self::Value, E>
            where
                E: serde::de::Error,
            {
                match value {
                    "SOURCE_UNSPECIFIED" => Ok(Source::Unspecified),
                    "SOURCE_ROUTES" => Ok(Source::Routes),
                    "SOURCE_RESOLVER" => Ok(Source::Resolver),
                    "SOURCE_SOCKETS" => Ok(Source::Sockets),
                    "SOURCE_COUNTERS" => Ok(Source::Counters),
                    "SOURCE_FIREWALL" => Ok(Source::Firewall),
                    "SOURCE_LINKS" => Ok(Source::Links),
                    "SOURCE_NEIGHBOURS" => Ok(Source::Neighbours),
                    "SOURCE_CONNTRACK" => Ok(Source::Conntrack),
                    "SOURCE_KERNEL_LOG" => Ok(Source::KernelLog),
                    "SOURCE_PROXY_STATE" => Ok(Source::ProxyState),
                    _ => Ok(Source::default()),
                }
            }
        }
        deserializer.deserialize_any(GeneratedVisitor)
    }
}
impl serde::Serialize for SpooledRequest {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let len = 0;
        let struct_ser = serializer.serialize_struct("mesh.v1.SpooledRequest", len)?;
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for SpooledRequest {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                            Ok(GeneratedField::__SkipField__)
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = SpooledRequest;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.SpooledRequest")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<SpooledRequest, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                while map_.next_key::<GeneratedField>()?.is_some() {
                    let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(SpooledRequest {
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.SpooledRequest", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Started {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.run.is_empty() {
            len += 1;
        }
        if !self.vantages.is_empty() {
            len += 1;
        }
        if self.started_us != 0 {
            len += 1;
        }
        if self.deadline_ms != 0 {
            len += 1;
        }
        if !self.unreachable.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Started", len)?;
        if !self.run.is_empty() {
            struct_ser.serialize_field("run", &self.run)?;
        }
        if !self.vantages.is_empty() {
            struct_ser.serialize_field("vantages", &self.vantages)?;
        }
        if self.started_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("started_us", ToString::to_string(&self.started_us).as_str())?;
        }
        if self.deadline_ms != 0 {
            struct_ser.serialize_field("deadline_ms", &self.deadline_ms)?;
        }
        if !self.unreachable.is_empty() {
            struct_ser.serialize_field("unreachable", &self.unreachable)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Started {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "run",
            "vantages",
            "started_us",
            "startedUs",
            "deadline_ms",
            "deadlineMs",
            "unreachable",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Run,
            Vantages,
            StartedUs,
            DeadlineMs,
            Unreachable,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "run" => Ok(GeneratedField::Run),
                            "vantages" => Ok(GeneratedField::Vantages),
                            "startedUs" | "started_us" => Ok(GeneratedField::StartedUs),
                            "deadlineMs" | "deadline_ms" => Ok(GeneratedField::DeadlineMs),
                            "unreachable" => Ok(GeneratedField::Unreachable),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Started;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Started")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Started, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut run__ = None;
                let mut vantages__ = None;
                let mut started_us__ = None;
                let mut deadline_ms__ = None;
                let mut unreachable__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Run => {
                            if run__.is_some() {
                                return Err(serde::de::Error::duplicate_field("run"));
                            }
                            run__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Vantages => {
                            if vantages__.is_some() {
                                return Err(serde::de::Error::duplicate_field("vantages"));
                            }
                            vantages__ = Some(map_.next_value()?);
                        }
                        GeneratedField::StartedUs => {
                            if started_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("startedUs"));
                            }
                            started_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::DeadlineMs => {
                            if deadline_ms__.is_some() {
                                return Err(serde::de::Error::duplicate_field("deadlineMs"));
                            }
                            deadline_ms__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Unreachable => {
                            if unreachable__.is_some() {
                                return Err(serde::de::Error::duplicate_field("unreachable"));
                            }
                            unreachable__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Started {
                    run: run__.unwrap_or_default(),
                    vantages: vantages__.unwrap_or_default(),
                    started_us: started_us__.unwrap_or_default(),
                    deadline_ms: deadline_ms__.unwrap_or_default(),
                    unreachable: unreachable__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Started", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Target {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.input.is_empty() {
            len += 1;
        }
        if !self.scheme.is_empty() {
            len += 1;
        }
        if !self.host.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if !self.path.is_empty() {
            len += 1;
        }
        if self.bare_name {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Target", len)?;
        if !self.input.is_empty() {
            struct_ser.serialize_field("input", &self.input)?;
        }
        if !self.scheme.is_empty() {
            struct_ser.serialize_field("scheme", &self.scheme)?;
        }
        if !self.host.is_empty() {
            struct_ser.serialize_field("host", &self.host)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if !self.path.is_empty() {
            struct_ser.serialize_field("path", &self.path)?;
        }
        if self.bare_name {
            struct_ser.serialize_field("bare_name", &self.bare_name)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Target {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "input",
            "scheme",
            "host",
            "port",
            "path",
            "bare_name",
            "bareName",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Input,
            Scheme,
            Host,
            Port,
            Path,
            BareName,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "input" => Ok(GeneratedField::Input),
                            "scheme" => Ok(GeneratedField::Scheme),
                            "host" => Ok(GeneratedField::Host),
                            "port" => Ok(GeneratedField::Port),
                            "path" => Ok(GeneratedField::Path),
                            "bareName" | "bare_name" => Ok(GeneratedField::BareName),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Target;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Target")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Target, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut input__ = None;
                let mut scheme__ = None;
                let mut host__ = None;
                let mut port__ = None;
                let mut path__ = None;
                let mut bare_name__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Input => {
                            if input__.is_some() {
                                return Err(serde::de::Error::duplicate_field("input"));
                            }
                            input__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Scheme => {
                            if scheme__.is_some() {
                                return Err(serde::de::Error::duplicate_field("scheme"));
                            }
                            scheme__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Host => {
                            if host__.is_some() {
                                return Err(serde::de::Error::duplicate_field("host"));
                            }
                            host__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Path => {
                            if path__.is_some() {
                                return Err(serde::de::Error::duplicate_field("path"));
                            }
                            path__ = Some(map_.next_value()?);
                        }
                        GeneratedField::BareName => {
                            if bare_name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bareName"));
                            }
                            bare_name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Target {
                    input: input__.unwrap_or_default(),
                    scheme: scheme__.unwrap_or_default(),
                    host: host__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    path: path__.unwrap_or_default(),
                    bare_name: bare_name__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Target", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for TcpDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.connected {
            len += 1;
        }
        if self.connect_us.is_some() {
            len += 1;
        }
        if self.icmp.is_some() {
            len += 1;
        }
        if self.queue_read {
            len += 1;
        }
        if self.info.is_some() {
            len += 1;
        }
        if !self.greeting.is_empty() {
            len += 1;
        }
        if !self.closed_by_peer.is_empty() {
            len += 1;
        }
        if self.syn_retransmits.is_some() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.TcpDetail", len)?;
        if self.connected {
            struct_ser.serialize_field("connected", &self.connected)?;
        }
        if let Some(v) = self.connect_us.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("connect_us", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.icmp.as_ref() {
            struct_ser.serialize_field("icmp", v)?;
        }
        if self.queue_read {
            struct_ser.serialize_field("queue_read", &self.queue_read)?;
        }
        if let Some(v) = self.info.as_ref() {
            struct_ser.serialize_field("info", v)?;
        }
        if !self.greeting.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("greeting", pbjson::private::base64::encode(&self.greeting).as_str())?;
        }
        if !self.closed_by_peer.is_empty() {
            struct_ser.serialize_field("closed_by_peer", &self.closed_by_peer)?;
        }
        if let Some(v) = self.syn_retransmits.as_ref() {
            struct_ser.serialize_field("syn_retransmits", v)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for TcpDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "connected",
            "connect_us",
            "connectUs",
            "icmp",
            "queue_read",
            "queueRead",
            "info",
            "greeting",
            "closed_by_peer",
            "closedByPeer",
            "syn_retransmits",
            "synRetransmits",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Connected,
            ConnectUs,
            Icmp,
            QueueRead,
            Info,
            Greeting,
            ClosedByPeer,
            SynRetransmits,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "connected" => Ok(GeneratedField::Connected),
                            "connectUs" | "connect_us" => Ok(GeneratedField::ConnectUs),
                            "icmp" => Ok(GeneratedField::Icmp),
                            "queueRead" | "queue_read" => Ok(GeneratedField::QueueRead),
                            "info" => Ok(GeneratedField::Info),
                            "greeting" => Ok(GeneratedField::Greeting),
                            "closedByPeer" | "closed_by_peer" => Ok(GeneratedField::ClosedByPeer),
                            "synRetransmits" | "syn_retransmits" => Ok(GeneratedField::SynRetransmits),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = TcpDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.TcpDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<TcpDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut connected__ = None;
                let mut connect_us__ = None;
                let mut icmp__ = None;
                let mut queue_read__ = None;
                let mut info__ = None;
                let mut greeting__ = None;
                let mut closed_by_peer__ = None;
                let mut syn_retransmits__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Connected => {
                            if connected__.is_some() {
                                return Err(serde::de::Error::duplicate_field("connected"));
                            }
                            connected__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ConnectUs => {
                            if connect_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("connectUs"));
                            }
                            connect_us__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Icmp => {
                            if icmp__.is_some() {
                                return Err(serde::de::Error::duplicate_field("icmp"));
                            }
                            icmp__ = map_.next_value()?;
                        }
                        GeneratedField::QueueRead => {
                            if queue_read__.is_some() {
                                return Err(serde::de::Error::duplicate_field("queueRead"));
                            }
                            queue_read__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Info => {
                            if info__.is_some() {
                                return Err(serde::de::Error::duplicate_field("info"));
                            }
                            info__ = map_.next_value()?;
                        }
                        GeneratedField::Greeting => {
                            if greeting__.is_some() {
                                return Err(serde::de::Error::duplicate_field("greeting"));
                            }
                            greeting__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ClosedByPeer => {
                            if closed_by_peer__.is_some() {
                                return Err(serde::de::Error::duplicate_field("closedByPeer"));
                            }
                            closed_by_peer__ = Some(map_.next_value()?);
                        }
                        GeneratedField::SynRetransmits => {
                            if syn_retransmits__.is_some() {
                                return Err(serde::de::Error::duplicate_field("synRetransmits"));
                            }
                            syn_retransmits__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(TcpDetail {
                    connected: connected__.unwrap_or_default(),
                    connect_us: connect_us__,
                    icmp: icmp__,
                    queue_read: queue_read__.unwrap_or_default(),
                    info: info__,
                    greeting: greeting__.unwrap_or_default(),
                    closed_by_peer: closed_by_peer__.unwrap_or_default(),
                    syn_retransmits: syn_retransmits__,
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.TcpDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for TcpInfo {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.returned_bytes != 0 {
            len += 1;
        }
        if self.state != 0 {
            len += 1;
        }
        if self.ca_state != 0 {
            len += 1;
        }
        if self.retransmits != 0 {
            len += 1;
        }
        if self.rto_us != 0 {
            len += 1;
        }
        if self.snd_mss != 0 {
            len += 1;
        }
        if self.rcv_mss != 0 {
            len += 1;
        }
        if self.advmss != 0 {
            len += 1;
        }
        if self.pmtu != 0 {
            len += 1;
        }
        if self.unacked != 0 {
            len += 1;
        }
        if self.lost != 0 {
            len += 1;
        }
        if self.total_retrans != 0 {
            len += 1;
        }
        if self.rtt_us != 0 {
            len += 1;
        }
        if self.bytes_acked.is_some() {
            len += 1;
        }
        if self.bytes_received.is_some() {
            len += 1;
        }
        if self.bytes_sent.is_some() {
            len += 1;
        }
        if self.bytes_retrans.is_some() {
            len += 1;
        }
        if self.segs_out.is_some() {
            len += 1;
        }
        if self.data_segs_in.is_some() {
            len += 1;
        }
        if self.rcv_ooopack.is_some() {
            len += 1;
        }
        if self.snd_wnd.is_some() {
            len += 1;
        }
        if self.rwnd_limited_us.is_some() {
            len += 1;
        }
        if self.total_rto.is_some() {
            len += 1;
        }
        if self.options != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.TcpInfo", len)?;
        if self.returned_bytes != 0 {
            struct_ser.serialize_field("returned_bytes", &self.returned_bytes)?;
        }
        if self.state != 0 {
            struct_ser.serialize_field("state", &self.state)?;
        }
        if self.ca_state != 0 {
            struct_ser.serialize_field("ca_state", &self.ca_state)?;
        }
        if self.retransmits != 0 {
            struct_ser.serialize_field("retransmits", &self.retransmits)?;
        }
        if self.rto_us != 0 {
            struct_ser.serialize_field("rto_us", &self.rto_us)?;
        }
        if self.snd_mss != 0 {
            struct_ser.serialize_field("snd_mss", &self.snd_mss)?;
        }
        if self.rcv_mss != 0 {
            struct_ser.serialize_field("rcv_mss", &self.rcv_mss)?;
        }
        if self.advmss != 0 {
            struct_ser.serialize_field("advmss", &self.advmss)?;
        }
        if self.pmtu != 0 {
            struct_ser.serialize_field("pmtu", &self.pmtu)?;
        }
        if self.unacked != 0 {
            struct_ser.serialize_field("unacked", &self.unacked)?;
        }
        if self.lost != 0 {
            struct_ser.serialize_field("lost", &self.lost)?;
        }
        if self.total_retrans != 0 {
            struct_ser.serialize_field("total_retrans", &self.total_retrans)?;
        }
        if self.rtt_us != 0 {
            struct_ser.serialize_field("rtt_us", &self.rtt_us)?;
        }
        if let Some(v) = self.bytes_acked.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("bytes_acked", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.bytes_received.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("bytes_received", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.bytes_sent.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("bytes_sent", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.bytes_retrans.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("bytes_retrans", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.segs_out.as_ref() {
            struct_ser.serialize_field("segs_out", v)?;
        }
        if let Some(v) = self.data_segs_in.as_ref() {
            struct_ser.serialize_field("data_segs_in", v)?;
        }
        if let Some(v) = self.rcv_ooopack.as_ref() {
            struct_ser.serialize_field("rcv_ooopack", v)?;
        }
        if let Some(v) = self.snd_wnd.as_ref() {
            struct_ser.serialize_field("snd_wnd", v)?;
        }
        if let Some(v) = self.rwnd_limited_us.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("rwnd_limited_us", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.total_rto.as_ref() {
            struct_ser.serialize_field("total_rto", v)?;
        }
        if self.options != 0 {
            struct_ser.serialize_field("options", &self.options)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for TcpInfo {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "returned_bytes",
            "returnedBytes",
            "state",
            "ca_state",
            "caState",
            "retransmits",
            "rto_us",
            "rtoUs",
            "snd_mss",
            "sndMss",
            "rcv_mss",
            "rcvMss",
            "advmss",
            "pmtu",
            "unacked",
            "lost",
            "total_retrans",
            "totalRetrans",
            "rtt_us",
            "rttUs",
            "bytes_acked",
            "bytesAcked",
            "bytes_received",
            "bytesReceived",
            "bytes_sent",
            "bytesSent",
            "bytes_retrans",
            "bytesRetrans",
            "segs_out",
            "segsOut",
            "data_segs_in",
            "dataSegsIn",
            "rcv_ooopack",
            "rcvOoopack",
            "snd_wnd",
            "sndWnd",
            "rwnd_limited_us",
            "rwndLimitedUs",
            "total_rto",
            "totalRto",
            "options",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            ReturnedBytes,
            State,
            CaState,
            Retransmits,
            RtoUs,
            SndMss,
            RcvMss,
            Advmss,
            Pmtu,
            Unacked,
            Lost,
            TotalRetrans,
            RttUs,
            BytesAcked,
            BytesReceived,
            BytesSent,
            BytesRetrans,
            SegsOut,
            DataSegsIn,
            RcvOoopack,
            SndWnd,
            RwndLimitedUs,
            TotalRto,
            Options,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "returnedBytes" | "returned_bytes" => Ok(GeneratedField::ReturnedBytes),
                            "state" => Ok(GeneratedField::State),
                            "caState" | "ca_state" => Ok(GeneratedField::CaState),
                            "retransmits" => Ok(GeneratedField::Retransmits),
                            "rtoUs" | "rto_us" => Ok(GeneratedField::RtoUs),
                            "sndMss" | "snd_mss" => Ok(GeneratedField::SndMss),
                            "rcvMss" | "rcv_mss" => Ok(GeneratedField::RcvMss),
                            "advmss" => Ok(GeneratedField::Advmss),
                            "pmtu" => Ok(GeneratedField::Pmtu),
                            "unacked" => Ok(GeneratedField::Unacked),
                            "lost" => Ok(GeneratedField::Lost),
                            "totalRetrans" | "total_retrans" => Ok(GeneratedField::TotalRetrans),
                            "rttUs" | "rtt_us" => Ok(GeneratedField::RttUs),
                            "bytesAcked" | "bytes_acked" => Ok(GeneratedField::BytesAcked),
                            "bytesReceived" | "bytes_received" => Ok(GeneratedField::BytesReceived),
                            "bytesSent" | "bytes_sent" => Ok(GeneratedField::BytesSent),
                            "bytesRetrans" | "bytes_retrans" => Ok(GeneratedField::BytesRetrans),
                            "segsOut" | "segs_out" => Ok(GeneratedField::SegsOut),
                            "dataSegsIn" | "data_segs_in" => Ok(GeneratedField::DataSegsIn),
                            "rcvOoopack" | "rcv_ooopack" => Ok(GeneratedField::RcvOoopack),
                            "sndWnd" | "snd_wnd" => Ok(GeneratedField::SndWnd),
                            "rwndLimitedUs" | "rwnd_limited_us" => Ok(GeneratedField::RwndLimitedUs),
                            "totalRto" | "total_rto" => Ok(GeneratedField::TotalRto),
                            "options" => Ok(GeneratedField::Options),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = TcpInfo;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.TcpInfo")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<TcpInfo, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut returned_bytes__ = None;
                let mut state__ = None;
                let mut ca_state__ = None;
                let mut retransmits__ = None;
                let mut rto_us__ = None;
                let mut snd_mss__ = None;
                let mut rcv_mss__ = None;
                let mut advmss__ = None;
                let mut pmtu__ = None;
                let mut unacked__ = None;
                let mut lost__ = None;
                let mut total_retrans__ = None;
                let mut rtt_us__ = None;
                let mut bytes_acked__ = None;
                let mut bytes_received__ = None;
                let mut bytes_sent__ = None;
                let mut bytes_retrans__ = None;
                let mut segs_out__ = None;
                let mut data_segs_in__ = None;
                let mut rcv_ooopack__ = None;
                let mut snd_wnd__ = None;
                let mut rwnd_limited_us__ = None;
                let mut total_rto__ = None;
                let mut options__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::ReturnedBytes => {
                            if returned_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("returnedBytes"));
                            }
                            returned_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::State => {
                            if state__.is_some() {
                                return Err(serde::de::Error::duplicate_field("state"));
                            }
                            state__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::CaState => {
                            if ca_state__.is_some() {
                                return Err(serde::de::Error::duplicate_field("caState"));
                            }
                            ca_state__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Retransmits => {
                            if retransmits__.is_some() {
                                return Err(serde::de::Error::duplicate_field("retransmits"));
                            }
                            retransmits__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::RtoUs => {
                            if rto_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rtoUs"));
                            }
                            rto_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::SndMss => {
                            if snd_mss__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sndMss"));
                            }
                            snd_mss__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::RcvMss => {
                            if rcv_mss__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rcvMss"));
                            }
                            rcv_mss__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Advmss => {
                            if advmss__.is_some() {
                                return Err(serde::de::Error::duplicate_field("advmss"));
                            }
                            advmss__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Pmtu => {
                            if pmtu__.is_some() {
                                return Err(serde::de::Error::duplicate_field("pmtu"));
                            }
                            pmtu__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Unacked => {
                            if unacked__.is_some() {
                                return Err(serde::de::Error::duplicate_field("unacked"));
                            }
                            unacked__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Lost => {
                            if lost__.is_some() {
                                return Err(serde::de::Error::duplicate_field("lost"));
                            }
                            lost__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::TotalRetrans => {
                            if total_retrans__.is_some() {
                                return Err(serde::de::Error::duplicate_field("totalRetrans"));
                            }
                            total_retrans__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::RttUs => {
                            if rtt_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rttUs"));
                            }
                            rtt_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::BytesAcked => {
                            if bytes_acked__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bytesAcked"));
                            }
                            bytes_acked__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::BytesReceived => {
                            if bytes_received__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bytesReceived"));
                            }
                            bytes_received__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::BytesSent => {
                            if bytes_sent__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bytesSent"));
                            }
                            bytes_sent__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::BytesRetrans => {
                            if bytes_retrans__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bytesRetrans"));
                            }
                            bytes_retrans__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::SegsOut => {
                            if segs_out__.is_some() {
                                return Err(serde::de::Error::duplicate_field("segsOut"));
                            }
                            segs_out__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::DataSegsIn => {
                            if data_segs_in__.is_some() {
                                return Err(serde::de::Error::duplicate_field("dataSegsIn"));
                            }
                            data_segs_in__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::RcvOoopack => {
                            if rcv_ooopack__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rcvOoopack"));
                            }
                            rcv_ooopack__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::SndWnd => {
                            if snd_wnd__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sndWnd"));
                            }
                            snd_wnd__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::RwndLimitedUs => {
                            if rwnd_limited_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rwndLimitedUs"));
                            }
                            rwnd_limited_us__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::TotalRto => {
                            if total_rto__.is_some() {
                                return Err(serde::de::Error::duplicate_field("totalRto"));
                            }
                            total_rto__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Options => {
                            if options__.is_some() {
                                return Err(serde::de::Error::duplicate_field("options"));
                            }
                            options__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(TcpInfo {
                    returned_bytes: returned_bytes__.unwrap_or_default(),
                    state: state__.unwrap_or_default(),
                    ca_state: ca_state__.unwrap_or_default(),
                    retransmits: retransmits__.unwrap_or_default(),
                    rto_us: rto_us__.unwrap_or_default(),
                    snd_mss: snd_mss__.unwrap_or_default(),
                    rcv_mss: rcv_mss__.unwrap_or_default(),
                    advmss: advmss__.unwrap_or_default(),
                    pmtu: pmtu__.unwrap_or_default(),
                    unacked: unacked__.unwrap_or_default(),
                    lost: lost__.unwrap_or_default(),
                    total_retrans: total_retrans__.unwrap_or_default(),
                    rtt_us: rtt_us__.unwrap_or_default(),
                    bytes_acked: bytes_acked__,
                    bytes_received: bytes_received__,
                    bytes_sent: bytes_sent__,
                    bytes_retrans: bytes_retrans__,
                    segs_out: segs_out__,
                    data_segs_in: data_segs_in__,
                    rcv_ooopack: rcv_ooopack__,
                    snd_wnd: snd_wnd__,
                    rwnd_limited_us: rwnd_limited_us__,
                    total_rto: total_rto__,
                    options: options__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.TcpInfo", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for TcpSpec {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.address.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if self.single_syn {
            len += 1;
        }
        if self.greet_ms != 0 {
            len += 1;
        }
        if self.source_port != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.TcpSpec", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if self.single_syn {
            struct_ser.serialize_field("single_syn", &self.single_syn)?;
        }
        if self.greet_ms != 0 {
            struct_ser.serialize_field("greet_ms", &self.greet_ms)?;
        }
        if self.source_port != 0 {
            struct_ser.serialize_field("source_port", &self.source_port)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for TcpSpec {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "address",
            "port",
            "single_syn",
            "singleSyn",
            "greet_ms",
            "greetMs",
            "source_port",
            "sourcePort",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Address,
            Port,
            SingleSyn,
            GreetMs,
            SourcePort,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "address" => Ok(GeneratedField::Address),
                            "port" => Ok(GeneratedField::Port),
                            "singleSyn" | "single_syn" => Ok(GeneratedField::SingleSyn),
                            "greetMs" | "greet_ms" => Ok(GeneratedField::GreetMs),
                            "sourcePort" | "source_port" => Ok(GeneratedField::SourcePort),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = TcpSpec;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.TcpSpec")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<TcpSpec, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut address__ = None;
                let mut port__ = None;
                let mut single_syn__ = None;
                let mut greet_ms__ = None;
                let mut source_port__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::SingleSyn => {
                            if single_syn__.is_some() {
                                return Err(serde::de::Error::duplicate_field("singleSyn"));
                            }
                            single_syn__ = Some(map_.next_value()?);
                        }
                        GeneratedField::GreetMs => {
                            if greet_ms__.is_some() {
                                return Err(serde::de::Error::duplicate_field("greetMs"));
                            }
                            greet_ms__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::SourcePort => {
                            if source_port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sourcePort"));
                            }
                            source_port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(TcpSpec {
                    name: name__.unwrap_or_default(),
                    address: address__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    single_syn: single_syn__.unwrap_or_default(),
                    greet_ms: greet_ms__.unwrap_or_default(),
                    source_port: source_port__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.TcpSpec", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Timing {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.planned_start_us != 0 {
            len += 1;
        }
        if self.actual_start_us != 0 {
            len += 1;
        }
        if self.duration_us != 0 {
            len += 1;
        }
        if self.clock_offset_us != 0 {
            len += 1;
        }
        if self.clock_bound_us != 0 {
            len += 1;
        }
        if self.lateness_us != 0 {
            len += 1;
        }
        if self.start_span_us != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Timing", len)?;
        if self.planned_start_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("planned_start_us", ToString::to_string(&self.planned_start_us).as_str())?;
        }
        if self.actual_start_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("actual_start_us", ToString::to_string(&self.actual_start_us).as_str())?;
        }
        if self.duration_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("duration_us", ToString::to_string(&self.duration_us).as_str())?;
        }
        if self.clock_offset_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("clock_offset_us", ToString::to_string(&self.clock_offset_us).as_str())?;
        }
        if self.clock_bound_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("clock_bound_us", ToString::to_string(&self.clock_bound_us).as_str())?;
        }
        if self.lateness_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("lateness_us", ToString::to_string(&self.lateness_us).as_str())?;
        }
        if self.start_span_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("start_span_us", ToString::to_string(&self.start_span_us).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Timing {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "planned_start_us",
            "plannedStartUs",
            "actual_start_us",
            "actualStartUs",
            "duration_us",
            "durationUs",
            "clock_offset_us",
            "clockOffsetUs",
            "clock_bound_us",
            "clockBoundUs",
            "lateness_us",
            "latenessUs",
            "start_span_us",
            "startSpanUs",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            PlannedStartUs,
            ActualStartUs,
            DurationUs,
            ClockOffsetUs,
            ClockBoundUs,
            LatenessUs,
            StartSpanUs,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "plannedStartUs" | "planned_start_us" => Ok(GeneratedField::PlannedStartUs),
                            "actualStartUs" | "actual_start_us" => Ok(GeneratedField::ActualStartUs),
                            "durationUs" | "duration_us" => Ok(GeneratedField::DurationUs),
                            "clockOffsetUs" | "clock_offset_us" => Ok(GeneratedField::ClockOffsetUs),
                            "clockBoundUs" | "clock_bound_us" => Ok(GeneratedField::ClockBoundUs),
                            "latenessUs" | "lateness_us" => Ok(GeneratedField::LatenessUs),
                            "startSpanUs" | "start_span_us" => Ok(GeneratedField::StartSpanUs),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Timing;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Timing")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Timing, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut planned_start_us__ = None;
                let mut actual_start_us__ = None;
                let mut duration_us__ = None;
                let mut clock_offset_us__ = None;
                let mut clock_bound_us__ = None;
                let mut lateness_us__ = None;
                let mut start_span_us__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::PlannedStartUs => {
                            if planned_start_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("plannedStartUs"));
                            }
                            planned_start_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ActualStartUs => {
                            if actual_start_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("actualStartUs"));
                            }
                            actual_start_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::DurationUs => {
                            if duration_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("durationUs"));
                            }
                            duration_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ClockOffsetUs => {
                            if clock_offset_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("clockOffsetUs"));
                            }
                            clock_offset_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ClockBoundUs => {
                            if clock_bound_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("clockBoundUs"));
                            }
                            clock_bound_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::LatenessUs => {
                            if lateness_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("latenessUs"));
                            }
                            lateness_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::StartSpanUs => {
                            if start_span_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("startSpanUs"));
                            }
                            start_span_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Timing {
                    planned_start_us: planned_start_us__.unwrap_or_default(),
                    actual_start_us: actual_start_us__.unwrap_or_default(),
                    duration_us: duration_us__.unwrap_or_default(),
                    clock_offset_us: clock_offset_us__.unwrap_or_default(),
                    clock_bound_us: clock_bound_us__.unwrap_or_default(),
                    lateness_us: lateness_us__.unwrap_or_default(),
                    start_span_us: start_span_us__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Timing", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for TlsDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.handshake_done {
            len += 1;
        }
        if self.handshake_us.is_some() {
            len += 1;
        }
        if !self.version.is_empty() {
            len += 1;
        }
        if !self.cipher.is_empty() {
            len += 1;
        }
        if !self.alpn.is_empty() {
            len += 1;
        }
        if !self.key_exchange.is_empty() {
            len += 1;
        }
        if !self.sni.is_empty() {
            len += 1;
        }
        if self.client_hello_bytes != 0 {
            len += 1;
        }
        if !self.chain.is_empty() {
            len += 1;
        }
        if !self.verify_error.is_empty() {
            len += 1;
        }
        if !self.verify_text.is_empty() {
            len += 1;
        }
        if self.alert.is_some() {
            len += 1;
        }
        if !self.alert_name.is_empty() {
            len += 1;
        }
        if self.first_record.is_some() {
            len += 1;
        }
        if self.bytes_in != 0 {
            len += 1;
        }
        if self.client_certificate_requested {
            len += 1;
        }
        if !self.after_handshake.is_empty() {
            len += 1;
        }
        if !self.wide_version.is_empty() {
            len += 1;
        }
        if !self.wide_cipher.is_empty() {
            len += 1;
        }
        if self.judged_at != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.TlsDetail", len)?;
        if self.handshake_done {
            struct_ser.serialize_field("handshake_done", &self.handshake_done)?;
        }
        if let Some(v) = self.handshake_us.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("handshake_us", ToString::to_string(&v).as_str())?;
        }
        if !self.version.is_empty() {
            struct_ser.serialize_field("version", &self.version)?;
        }
        if !self.cipher.is_empty() {
            struct_ser.serialize_field("cipher", &self.cipher)?;
        }
        if !self.alpn.is_empty() {
            struct_ser.serialize_field("alpn", &self.alpn)?;
        }
        if !self.key_exchange.is_empty() {
            struct_ser.serialize_field("key_exchange", &self.key_exchange)?;
        }
        if !self.sni.is_empty() {
            struct_ser.serialize_field("sni", &self.sni)?;
        }
        if self.client_hello_bytes != 0 {
            struct_ser.serialize_field("client_hello_bytes", &self.client_hello_bytes)?;
        }
        if !self.chain.is_empty() {
            struct_ser.serialize_field("chain", &self.chain)?;
        }
        if !self.verify_error.is_empty() {
            struct_ser.serialize_field("verify_error", &self.verify_error)?;
        }
        if !self.verify_text.is_empty() {
            struct_ser.serialize_field("verify_text", &self.verify_text)?;
        }
        if let Some(v) = self.alert.as_ref() {
            struct_ser.serialize_field("alert", v)?;
        }
        if !self.alert_name.is_empty() {
            struct_ser.serialize_field("alert_name", &self.alert_name)?;
        }
        if let Some(v) = self.first_record.as_ref() {
            struct_ser.serialize_field("first_record", v)?;
        }
        if self.bytes_in != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("bytes_in", ToString::to_string(&self.bytes_in).as_str())?;
        }
        if self.client_certificate_requested {
            struct_ser.serialize_field("client_certificate_requested", &self.client_certificate_requested)?;
        }
        if !self.after_handshake.is_empty() {
            struct_ser.serialize_field("after_handshake", &self.after_handshake)?;
        }
        if !self.wide_version.is_empty() {
            struct_ser.serialize_field("wide_version", &self.wide_version)?;
        }
        if !self.wide_cipher.is_empty() {
            struct_ser.serialize_field("wide_cipher", &self.wide_cipher)?;
        }
        if self.judged_at != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("judged_at", ToString::to_string(&self.judged_at).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for TlsDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "handshake_done",
            "handshakeDone",
            "handshake_us",
            "handshakeUs",
            "version",
            "cipher",
            "alpn",
            "key_exchange",
            "keyExchange",
            "sni",
            "client_hello_bytes",
            "clientHelloBytes",
            "chain",
            "verify_error",
            "verifyError",
            "verify_text",
            "verifyText",
            "alert",
            "alert_name",
            "alertName",
            "first_record",
            "firstRecord",
            "bytes_in",
            "bytesIn",
            "client_certificate_requested",
            "clientCertificateRequested",
            "after_handshake",
            "afterHandshake",
            "wide_version",
            "wideVersion",
            "wide_cipher",
            "wideCipher",
            "judged_at",
            "judgedAt",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            HandshakeDone,
            HandshakeUs,
            Version,
            Cipher,
            Alpn,
            KeyExchange,
            Sni,
            ClientHelloBytes,
            Chain,
            VerifyError,
            VerifyText,
            Alert,
            AlertName,
            FirstRecord,
            BytesIn,
            ClientCertificateRequested,
            AfterHandshake,
            WideVersion,
            WideCipher,
            JudgedAt,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "handshakeDone" | "handshake_done" => Ok(GeneratedField::HandshakeDone),
                            "handshakeUs" | "handshake_us" => Ok(GeneratedField::HandshakeUs),
                            "version" => Ok(GeneratedField::Version),
                            "cipher" => Ok(GeneratedField::Cipher),
                            "alpn" => Ok(GeneratedField::Alpn),
                            "keyExchange" | "key_exchange" => Ok(GeneratedField::KeyExchange),
                            "sni" => Ok(GeneratedField::Sni),
                            "clientHelloBytes" | "client_hello_bytes" => Ok(GeneratedField::ClientHelloBytes),
                            "chain" => Ok(GeneratedField::Chain),
                            "verifyError" | "verify_error" => Ok(GeneratedField::VerifyError),
                            "verifyText" | "verify_text" => Ok(GeneratedField::VerifyText),
                            "alert" => Ok(GeneratedField::Alert),
                            "alertName" | "alert_name" => Ok(GeneratedField::AlertName),
                            "firstRecord" | "first_record" => Ok(GeneratedField::FirstRecord),
                            "bytesIn" | "bytes_in" => Ok(GeneratedField::BytesIn),
                            "clientCertificateRequested" | "client_certificate_requested" => Ok(GeneratedField::ClientCertificateRequested),
                            "afterHandshake" | "after_handshake" => Ok(GeneratedField::AfterHandshake),
                            "wideVersion" | "wide_version" => Ok(GeneratedField::WideVersion),
                            "wideCipher" | "wide_cipher" => Ok(GeneratedField::WideCipher),
                            "judgedAt" | "judged_at" => Ok(GeneratedField::JudgedAt),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = TlsDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.TlsDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<TlsDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut handshake_done__ = None;
                let mut handshake_us__ = None;
                let mut version__ = None;
                let mut cipher__ = None;
                let mut alpn__ = None;
                let mut key_exchange__ = None;
                let mut sni__ = None;
                let mut client_hello_bytes__ = None;
                let mut chain__ = None;
                let mut verify_error__ = None;
                let mut verify_text__ = None;
                let mut alert__ = None;
                let mut alert_name__ = None;
                let mut first_record__ = None;
                let mut bytes_in__ = None;
                let mut client_certificate_requested__ = None;
                let mut after_handshake__ = None;
                let mut wide_version__ = None;
                let mut wide_cipher__ = None;
                let mut judged_at__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::HandshakeDone => {
                            if handshake_done__.is_some() {
                                return Err(serde::de::Error::duplicate_field("handshakeDone"));
                            }
                            handshake_done__ = Some(map_.next_value()?);
                        }
                        GeneratedField::HandshakeUs => {
                            if handshake_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("handshakeUs"));
                            }
                            handshake_us__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Cipher => {
                            if cipher__.is_some() {
                                return Err(serde::de::Error::duplicate_field("cipher"));
                            }
                            cipher__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Alpn => {
                            if alpn__.is_some() {
                                return Err(serde::de::Error::duplicate_field("alpn"));
                            }
                            alpn__ = Some(map_.next_value()?);
                        }
                        GeneratedField::KeyExchange => {
                            if key_exchange__.is_some() {
                                return Err(serde::de::Error::duplicate_field("keyExchange"));
                            }
                            key_exchange__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Sni => {
                            if sni__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sni"));
                            }
                            sni__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ClientHelloBytes => {
                            if client_hello_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("clientHelloBytes"));
                            }
                            client_hello_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Chain => {
                            if chain__.is_some() {
                                return Err(serde::de::Error::duplicate_field("chain"));
                            }
                            chain__ = Some(map_.next_value()?);
                        }
                        GeneratedField::VerifyError => {
                            if verify_error__.is_some() {
                                return Err(serde::de::Error::duplicate_field("verifyError"));
                            }
                            verify_error__ = Some(map_.next_value()?);
                        }
                        GeneratedField::VerifyText => {
                            if verify_text__.is_some() {
                                return Err(serde::de::Error::duplicate_field("verifyText"));
                            }
                            verify_text__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Alert => {
                            if alert__.is_some() {
                                return Err(serde::de::Error::duplicate_field("alert"));
                            }
                            alert__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::AlertName => {
                            if alert_name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("alertName"));
                            }
                            alert_name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::FirstRecord => {
                            if first_record__.is_some() {
                                return Err(serde::de::Error::duplicate_field("firstRecord"));
                            }
                            first_record__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::BytesIn => {
                            if bytes_in__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bytesIn"));
                            }
                            bytes_in__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ClientCertificateRequested => {
                            if client_certificate_requested__.is_some() {
                                return Err(serde::de::Error::duplicate_field("clientCertificateRequested"));
                            }
                            client_certificate_requested__ = Some(map_.next_value()?);
                        }
                        GeneratedField::AfterHandshake => {
                            if after_handshake__.is_some() {
                                return Err(serde::de::Error::duplicate_field("afterHandshake"));
                            }
                            after_handshake__ = Some(map_.next_value()?);
                        }
                        GeneratedField::WideVersion => {
                            if wide_version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("wideVersion"));
                            }
                            wide_version__ = Some(map_.next_value()?);
                        }
                        GeneratedField::WideCipher => {
                            if wide_cipher__.is_some() {
                                return Err(serde::de::Error::duplicate_field("wideCipher"));
                            }
                            wide_cipher__ = Some(map_.next_value()?);
                        }
                        GeneratedField::JudgedAt => {
                            if judged_at__.is_some() {
                                return Err(serde::de::Error::duplicate_field("judgedAt"));
                            }
                            judged_at__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(TlsDetail {
                    handshake_done: handshake_done__.unwrap_or_default(),
                    handshake_us: handshake_us__,
                    version: version__.unwrap_or_default(),
                    cipher: cipher__.unwrap_or_default(),
                    alpn: alpn__.unwrap_or_default(),
                    key_exchange: key_exchange__.unwrap_or_default(),
                    sni: sni__.unwrap_or_default(),
                    client_hello_bytes: client_hello_bytes__.unwrap_or_default(),
                    chain: chain__.unwrap_or_default(),
                    verify_error: verify_error__.unwrap_or_default(),
                    verify_text: verify_text__.unwrap_or_default(),
                    alert: alert__,
                    alert_name: alert_name__.unwrap_or_default(),
                    first_record: first_record__,
                    bytes_in: bytes_in__.unwrap_or_default(),
                    client_certificate_requested: client_certificate_requested__.unwrap_or_default(),
                    after_handshake: after_handshake__.unwrap_or_default(),
                    wide_version: wide_version__.unwrap_or_default(),
                    wide_cipher: wide_cipher__.unwrap_or_default(),
                    judged_at: judged_at__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.TlsDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for TlsSpec {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.address.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if !self.sni.is_empty() {
            len += 1;
        }
        if !self.alpn.is_empty() {
            len += 1;
        }
        if !self.ca_pem.is_empty() {
            len += 1;
        }
        if self.large_hello {
            len += 1;
        }
        if !self.version.is_empty() {
            len += 1;
        }
        if self.wide {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.TlsSpec", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if !self.sni.is_empty() {
            struct_ser.serialize_field("sni", &self.sni)?;
        }
        if !self.alpn.is_empty() {
            struct_ser.serialize_field("alpn", &self.alpn)?;
        }
        if !self.ca_pem.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("ca_pem", pbjson::private::base64::encode(&self.ca_pem).as_str())?;
        }
        if self.large_hello {
            struct_ser.serialize_field("large_hello", &self.large_hello)?;
        }
        if !self.version.is_empty() {
            struct_ser.serialize_field("version", &self.version)?;
        }
        if self.wide {
            struct_ser.serialize_field("wide", &self.wide)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for TlsSpec {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "address",
            "port",
            "sni",
            "alpn",
            "ca_pem",
            "caPem",
            "large_hello",
            "largeHello",
            "version",
            "wide",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Address,
            Port,
            Sni,
            Alpn,
            CaPem,
            LargeHello,
            Version,
            Wide,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "address" => Ok(GeneratedField::Address),
                            "port" => Ok(GeneratedField::Port),
                            "sni" => Ok(GeneratedField::Sni),
                            "alpn" => Ok(GeneratedField::Alpn),
                            "caPem" | "ca_pem" => Ok(GeneratedField::CaPem),
                            "largeHello" | "large_hello" => Ok(GeneratedField::LargeHello),
                            "version" => Ok(GeneratedField::Version),
                            "wide" => Ok(GeneratedField::Wide),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = TlsSpec;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.TlsSpec")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<TlsSpec, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut address__ = None;
                let mut port__ = None;
                let mut sni__ = None;
                let mut alpn__ = None;
                let mut ca_pem__ = None;
                let mut large_hello__ = None;
                let mut version__ = None;
                let mut wide__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Sni => {
                            if sni__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sni"));
                            }
                            sni__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Alpn => {
                            if alpn__.is_some() {
                                return Err(serde::de::Error::duplicate_field("alpn"));
                            }
                            alpn__ = Some(map_.next_value()?);
                        }
                        GeneratedField::CaPem => {
                            if ca_pem__.is_some() {
                                return Err(serde::de::Error::duplicate_field("caPem"));
                            }
                            ca_pem__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::LargeHello => {
                            if large_hello__.is_some() {
                                return Err(serde::de::Error::duplicate_field("largeHello"));
                            }
                            large_hello__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Wide => {
                            if wide__.is_some() {
                                return Err(serde::de::Error::duplicate_field("wide"));
                            }
                            wide__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(TlsSpec {
                    name: name__.unwrap_or_default(),
                    address: address__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    sni: sni__.unwrap_or_default(),
                    alpn: alpn__.unwrap_or_default(),
                    ca_pem: ca_pem__.unwrap_or_default(),
                    large_hello: large_hello__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                    wide: wide__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.TlsSpec", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for TraceDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.protocol.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if !self.hops.is_empty() {
            len += 1;
        }
        if self.reached {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.TraceDetail", len)?;
        if !self.protocol.is_empty() {
            struct_ser.serialize_field("protocol", &self.protocol)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if !self.hops.is_empty() {
            struct_ser.serialize_field("hops", &self.hops)?;
        }
        if self.reached {
            struct_ser.serialize_field("reached", &self.reached)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for TraceDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "protocol",
            "port",
            "hops",
            "reached",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Protocol,
            Port,
            Hops,
            Reached,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "protocol" => Ok(GeneratedField::Protocol),
                            "port" => Ok(GeneratedField::Port),
                            "hops" => Ok(GeneratedField::Hops),
                            "reached" => Ok(GeneratedField::Reached),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = TraceDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.TraceDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<TraceDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut protocol__ = None;
                let mut port__ = None;
                let mut hops__ = None;
                let mut reached__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Protocol => {
                            if protocol__.is_some() {
                                return Err(serde::de::Error::duplicate_field("protocol"));
                            }
                            protocol__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Hops => {
                            if hops__.is_some() {
                                return Err(serde::de::Error::duplicate_field("hops"));
                            }
                            hops__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Reached => {
                            if reached__.is_some() {
                                return Err(serde::de::Error::duplicate_field("reached"));
                            }
                            reached__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(TraceDetail {
                    protocol: protocol__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    hops: hops__.unwrap_or_default(),
                    reached: reached__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.TraceDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for TraceHop {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.ttl != 0 {
            len += 1;
        }
        if !self.address.is_empty() {
            len += 1;
        }
        if self.rtt_us.is_some() {
            len += 1;
        }
        if self.icmp.is_some() {
            len += 1;
        }
        if !self.answer.is_empty() {
            len += 1;
        }
        if self.sent != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.TraceHop", len)?;
        if self.ttl != 0 {
            struct_ser.serialize_field("ttl", &self.ttl)?;
        }
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if let Some(v) = self.rtt_us.as_ref() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("rtt_us", ToString::to_string(&v).as_str())?;
        }
        if let Some(v) = self.icmp.as_ref() {
            struct_ser.serialize_field("icmp", v)?;
        }
        if !self.answer.is_empty() {
            struct_ser.serialize_field("answer", &self.answer)?;
        }
        if self.sent != 0 {
            struct_ser.serialize_field("sent", &self.sent)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for TraceHop {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "ttl",
            "address",
            "rtt_us",
            "rttUs",
            "icmp",
            "answer",
            "sent",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Ttl,
            Address,
            RttUs,
            Icmp,
            Answer,
            Sent,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "ttl" => Ok(GeneratedField::Ttl),
                            "address" => Ok(GeneratedField::Address),
                            "rttUs" | "rtt_us" => Ok(GeneratedField::RttUs),
                            "icmp" => Ok(GeneratedField::Icmp),
                            "answer" => Ok(GeneratedField::Answer),
                            "sent" => Ok(GeneratedField::Sent),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = TraceHop;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.TraceHop")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<TraceHop, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut ttl__ = None;
                let mut address__ = None;
                let mut rtt_us__ = None;
                let mut icmp__ = None;
                let mut answer__ = None;
                let mut sent__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Ttl => {
                            if ttl__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ttl"));
                            }
                            ttl__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::RttUs => {
                            if rtt_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("rttUs"));
                            }
                            rtt_us__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::Icmp => {
                            if icmp__.is_some() {
                                return Err(serde::de::Error::duplicate_field("icmp"));
                            }
                            icmp__ = map_.next_value()?;
                        }
                        GeneratedField::Answer => {
                            if answer__.is_some() {
                                return Err(serde::de::Error::duplicate_field("answer"));
                            }
                            answer__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Sent => {
                            if sent__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sent"));
                            }
                            sent__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(TraceHop {
                    ttl: ttl__.unwrap_or_default(),
                    address: address__.unwrap_or_default(),
                    rtt_us: rtt_us__,
                    icmp: icmp__,
                    answer: answer__.unwrap_or_default(),
                    sent: sent__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.TraceHop", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for TraceSpec {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.name.is_empty() {
            len += 1;
        }
        if !self.address.is_empty() {
            len += 1;
        }
        if self.port != 0 {
            len += 1;
        }
        if !self.protocol.is_empty() {
            len += 1;
        }
        if self.max_hops != 0 {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.TraceSpec", len)?;
        if !self.name.is_empty() {
            struct_ser.serialize_field("name", &self.name)?;
        }
        if !self.address.is_empty() {
            struct_ser.serialize_field("address", &self.address)?;
        }
        if self.port != 0 {
            struct_ser.serialize_field("port", &self.port)?;
        }
        if !self.protocol.is_empty() {
            struct_ser.serialize_field("protocol", &self.protocol)?;
        }
        if self.max_hops != 0 {
            struct_ser.serialize_field("max_hops", &self.max_hops)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for TraceSpec {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "name",
            "address",
            "port",
            "protocol",
            "max_hops",
            "maxHops",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Name,
            Address,
            Port,
            Protocol,
            MaxHops,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "name" => Ok(GeneratedField::Name),
                            "address" => Ok(GeneratedField::Address),
                            "port" => Ok(GeneratedField::Port),
                            "protocol" => Ok(GeneratedField::Protocol),
                            "maxHops" | "max_hops" => Ok(GeneratedField::MaxHops),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = TraceSpec;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.TraceSpec")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<TraceSpec, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut name__ = None;
                let mut address__ = None;
                let mut port__ = None;
                let mut protocol__ = None;
                let mut max_hops__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Name => {
                            if name__.is_some() {
                                return Err(serde::de::Error::duplicate_field("name"));
                            }
                            name__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Address => {
                            if address__.is_some() {
                                return Err(serde::de::Error::duplicate_field("address"));
                            }
                            address__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Port => {
                            if port__.is_some() {
                                return Err(serde::de::Error::duplicate_field("port"));
                            }
                            port__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Protocol => {
                            if protocol__.is_some() {
                                return Err(serde::de::Error::duplicate_field("protocol"));
                            }
                            protocol__ = Some(map_.next_value()?);
                        }
                        GeneratedField::MaxHops => {
                            if max_hops__.is_some() {
                                return Err(serde::de::Error::duplicate_field("maxHops"));
                            }
                            max_hops__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(TraceSpec {
                    name: name__.unwrap_or_default(),
                    address: address__.unwrap_or_default(),
                    port: port__.unwrap_or_default(),
                    protocol: protocol__.unwrap_or_default(),
                    max_hops: max_hops__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.TraceSpec", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Vantage {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.id.is_empty() {
            len += 1;
        }
        if !self.kind.is_empty() {
            len += 1;
        }
        if !self.witness.is_empty() {
            len += 1;
        }
        if !self.addresses.is_empty() {
            len += 1;
        }
        if !self.capabilities.is_empty() {
            len += 1;
        }
        if !self.lacking.is_empty() {
            len += 1;
        }
        if !self.netns.is_empty() {
            len += 1;
        }
        if !self.node.is_empty() {
            len += 1;
        }
        if !self.version.is_empty() {
            len += 1;
        }
        if self.observer {
            len += 1;
        }
        if self.clock_offset_us != 0 {
            len += 1;
        }
        if self.clock_bound_us != 0 {
            len += 1;
        }
        if !self.labels.is_empty() {
            len += 1;
        }
        if self.connected_us != 0 {
            len += 1;
        }
        if self.seen_us != 0 {
            len += 1;
        }
        if self.earlier {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Vantage", len)?;
        if !self.id.is_empty() {
            struct_ser.serialize_field("id", &self.id)?;
        }
        if !self.kind.is_empty() {
            struct_ser.serialize_field("kind", &self.kind)?;
        }
        if !self.witness.is_empty() {
            struct_ser.serialize_field("witness", &self.witness)?;
        }
        if !self.addresses.is_empty() {
            struct_ser.serialize_field("addresses", &self.addresses)?;
        }
        if !self.capabilities.is_empty() {
            struct_ser.serialize_field("capabilities", &self.capabilities)?;
        }
        if !self.lacking.is_empty() {
            struct_ser.serialize_field("lacking", &self.lacking)?;
        }
        if !self.netns.is_empty() {
            struct_ser.serialize_field("netns", &self.netns)?;
        }
        if !self.node.is_empty() {
            struct_ser.serialize_field("node", &self.node)?;
        }
        if !self.version.is_empty() {
            struct_ser.serialize_field("version", &self.version)?;
        }
        if self.observer {
            struct_ser.serialize_field("observer", &self.observer)?;
        }
        if self.clock_offset_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("clock_offset_us", ToString::to_string(&self.clock_offset_us).as_str())?;
        }
        if self.clock_bound_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("clock_bound_us", ToString::to_string(&self.clock_bound_us).as_str())?;
        }
        if !self.labels.is_empty() {
            struct_ser.serialize_field("labels", &self.labels)?;
        }
        if self.connected_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("connected_us", ToString::to_string(&self.connected_us).as_str())?;
        }
        if self.seen_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("seen_us", ToString::to_string(&self.seen_us).as_str())?;
        }
        if self.earlier {
            struct_ser.serialize_field("earlier", &self.earlier)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Vantage {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "id",
            "kind",
            "witness",
            "addresses",
            "capabilities",
            "lacking",
            "netns",
            "node",
            "version",
            "observer",
            "clock_offset_us",
            "clockOffsetUs",
            "clock_bound_us",
            "clockBoundUs",
            "labels",
            "connected_us",
            "connectedUs",
            "seen_us",
            "seenUs",
            "earlier",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Id,
            Kind,
            Witness,
            Addresses,
            Capabilities,
            Lacking,
            Netns,
            Node,
            Version,
            Observer,
            ClockOffsetUs,
            ClockBoundUs,
            Labels,
            ConnectedUs,
            SeenUs,
            Earlier,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "id" => Ok(GeneratedField::Id),
                            "kind" => Ok(GeneratedField::Kind),
                            "witness" => Ok(GeneratedField::Witness),
                            "addresses" => Ok(GeneratedField::Addresses),
                            "capabilities" => Ok(GeneratedField::Capabilities),
                            "lacking" => Ok(GeneratedField::Lacking),
                            "netns" => Ok(GeneratedField::Netns),
                            "node" => Ok(GeneratedField::Node),
                            "version" => Ok(GeneratedField::Version),
                            "observer" => Ok(GeneratedField::Observer),
                            "clockOffsetUs" | "clock_offset_us" => Ok(GeneratedField::ClockOffsetUs),
                            "clockBoundUs" | "clock_bound_us" => Ok(GeneratedField::ClockBoundUs),
                            "labels" => Ok(GeneratedField::Labels),
                            "connectedUs" | "connected_us" => Ok(GeneratedField::ConnectedUs),
                            "seenUs" | "seen_us" => Ok(GeneratedField::SeenUs),
                            "earlier" => Ok(GeneratedField::Earlier),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Vantage;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Vantage")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Vantage, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut id__ = None;
                let mut kind__ = None;
                let mut witness__ = None;
                let mut addresses__ = None;
                let mut capabilities__ = None;
                let mut lacking__ = None;
                let mut netns__ = None;
                let mut node__ = None;
                let mut version__ = None;
                let mut observer__ = None;
                let mut clock_offset_us__ = None;
                let mut clock_bound_us__ = None;
                let mut labels__ = None;
                let mut connected_us__ = None;
                let mut seen_us__ = None;
                let mut earlier__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Id => {
                            if id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("id"));
                            }
                            id__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Kind => {
                            if kind__.is_some() {
                                return Err(serde::de::Error::duplicate_field("kind"));
                            }
                            kind__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Witness => {
                            if witness__.is_some() {
                                return Err(serde::de::Error::duplicate_field("witness"));
                            }
                            witness__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Addresses => {
                            if addresses__.is_some() {
                                return Err(serde::de::Error::duplicate_field("addresses"));
                            }
                            addresses__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Capabilities => {
                            if capabilities__.is_some() {
                                return Err(serde::de::Error::duplicate_field("capabilities"));
                            }
                            capabilities__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Lacking => {
                            if lacking__.is_some() {
                                return Err(serde::de::Error::duplicate_field("lacking"));
                            }
                            lacking__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Netns => {
                            if netns__.is_some() {
                                return Err(serde::de::Error::duplicate_field("netns"));
                            }
                            netns__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Node => {
                            if node__.is_some() {
                                return Err(serde::de::Error::duplicate_field("node"));
                            }
                            node__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Version => {
                            if version__.is_some() {
                                return Err(serde::de::Error::duplicate_field("version"));
                            }
                            version__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Observer => {
                            if observer__.is_some() {
                                return Err(serde::de::Error::duplicate_field("observer"));
                            }
                            observer__ = Some(map_.next_value()?);
                        }
                        GeneratedField::ClockOffsetUs => {
                            if clock_offset_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("clockOffsetUs"));
                            }
                            clock_offset_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ClockBoundUs => {
                            if clock_bound_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("clockBoundUs"));
                            }
                            clock_bound_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Labels => {
                            if labels__.is_some() {
                                return Err(serde::de::Error::duplicate_field("labels"));
                            }
                            labels__ = Some(
                                map_.next_value::<std::collections::BTreeMap<_, _>>()?
                            );
                        }
                        GeneratedField::ConnectedUs => {
                            if connected_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("connectedUs"));
                            }
                            connected_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::SeenUs => {
                            if seen_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("seenUs"));
                            }
                            seen_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Earlier => {
                            if earlier__.is_some() {
                                return Err(serde::de::Error::duplicate_field("earlier"));
                            }
                            earlier__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Vantage {
                    id: id__.unwrap_or_default(),
                    kind: kind__.unwrap_or_default(),
                    witness: witness__.unwrap_or_default(),
                    addresses: addresses__.unwrap_or_default(),
                    capabilities: capabilities__.unwrap_or_default(),
                    lacking: lacking__.unwrap_or_default(),
                    netns: netns__.unwrap_or_default(),
                    node: node__.unwrap_or_default(),
                    version: version__.unwrap_or_default(),
                    observer: observer__.unwrap_or_default(),
                    clock_offset_us: clock_offset_us__.unwrap_or_default(),
                    clock_bound_us: clock_bound_us__.unwrap_or_default(),
                    labels: labels__.unwrap_or_default(),
                    connected_us: connected_us__.unwrap_or_default(),
                    seen_us: seen_us__.unwrap_or_default(),
                    earlier: earlier__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Vantage", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for VantageDone {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.round != 0 {
            len += 1;
        }
        if !self.vantage.is_empty() {
            len += 1;
        }
        if !self.error.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.VantageDone", len)?;
        if self.round != 0 {
            struct_ser.serialize_field("round", &self.round)?;
        }
        if !self.vantage.is_empty() {
            struct_ser.serialize_field("vantage", &self.vantage)?;
        }
        if !self.error.is_empty() {
            struct_ser.serialize_field("error", &self.error)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for VantageDone {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "round",
            "vantage",
            "error",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Round,
            Vantage,
            Error,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "round" => Ok(GeneratedField::Round),
                            "vantage" => Ok(GeneratedField::Vantage),
                            "error" => Ok(GeneratedField::Error),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = VantageDone;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.VantageDone")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<VantageDone, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut round__ = None;
                let mut vantage__ = None;
                let mut error__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Round => {
                            if round__.is_some() {
                                return Err(serde::de::Error::duplicate_field("round"));
                            }
                            round__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Vantage => {
                            if vantage__.is_some() {
                                return Err(serde::de::Error::duplicate_field("vantage"));
                            }
                            vantage__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Error => {
                            if error__.is_some() {
                                return Err(serde::de::Error::duplicate_field("error"));
                            }
                            error__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(VantageDone {
                    round: round__.unwrap_or_default(),
                    vantage: vantage__.unwrap_or_default(),
                    error: error__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.VantageDone", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for Want {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.method.is_empty() {
            len += 1;
        }
        if !self.headers.is_empty() {
            len += 1;
        }
        if self.body_bytes != 0 {
            len += 1;
        }
        if self.max_time_ms != 0 {
            len += 1;
        }
        if self.idle_ms != 0 {
            len += 1;
        }
        if !self.expect_status.is_empty() {
            len += 1;
        }
        if !self.sni.is_empty() {
            len += 1;
        }
        if !self.resolve.is_empty() {
            len += 1;
        }
        if !self.family.is_empty() {
            len += 1;
        }
        if !self.ca_pem.is_empty() {
            len += 1;
        }
        if !self.upstreams.is_empty() {
            len += 1;
        }
        if !self.control.is_empty() {
            len += 1;
        }
        if self.allow_metadata {
            len += 1;
        }
        if self.times != 0 {
            len += 1;
        }
        if !self.proxy.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.Want", len)?;
        if !self.method.is_empty() {
            struct_ser.serialize_field("method", &self.method)?;
        }
        if !self.headers.is_empty() {
            struct_ser.serialize_field("headers", &self.headers)?;
        }
        if self.body_bytes != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("body_bytes", ToString::to_string(&self.body_bytes).as_str())?;
        }
        if self.max_time_ms != 0 {
            struct_ser.serialize_field("max_time_ms", &self.max_time_ms)?;
        }
        if self.idle_ms != 0 {
            struct_ser.serialize_field("idle_ms", &self.idle_ms)?;
        }
        if !self.expect_status.is_empty() {
            struct_ser.serialize_field("expect_status", &self.expect_status)?;
        }
        if !self.sni.is_empty() {
            struct_ser.serialize_field("sni", &self.sni)?;
        }
        if !self.resolve.is_empty() {
            struct_ser.serialize_field("resolve", &self.resolve)?;
        }
        if !self.family.is_empty() {
            struct_ser.serialize_field("family", &self.family)?;
        }
        if !self.ca_pem.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("ca_pem", pbjson::private::base64::encode(&self.ca_pem).as_str())?;
        }
        if !self.upstreams.is_empty() {
            struct_ser.serialize_field("upstreams", &self.upstreams)?;
        }
        if !self.control.is_empty() {
            struct_ser.serialize_field("control", &self.control)?;
        }
        if self.allow_metadata {
            struct_ser.serialize_field("allow_metadata", &self.allow_metadata)?;
        }
        if self.times != 0 {
            struct_ser.serialize_field("times", &self.times)?;
        }
        if !self.proxy.is_empty() {
            struct_ser.serialize_field("proxy", &self.proxy)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for Want {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "method",
            "headers",
            "body_bytes",
            "bodyBytes",
            "max_time_ms",
            "maxTimeMs",
            "idle_ms",
            "idleMs",
            "expect_status",
            "expectStatus",
            "sni",
            "resolve",
            "family",
            "ca_pem",
            "caPem",
            "upstreams",
            "control",
            "allow_metadata",
            "allowMetadata",
            "times",
            "proxy",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Method,
            Headers,
            BodyBytes,
            MaxTimeMs,
            IdleMs,
            ExpectStatus,
            Sni,
            Resolve,
            Family,
            CaPem,
            Upstreams,
            Control,
            AllowMetadata,
            Times,
            Proxy,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "method" => Ok(GeneratedField::Method),
                            "headers" => Ok(GeneratedField::Headers),
                            "bodyBytes" | "body_bytes" => Ok(GeneratedField::BodyBytes),
                            "maxTimeMs" | "max_time_ms" => Ok(GeneratedField::MaxTimeMs),
                            "idleMs" | "idle_ms" => Ok(GeneratedField::IdleMs),
                            "expectStatus" | "expect_status" => Ok(GeneratedField::ExpectStatus),
                            "sni" => Ok(GeneratedField::Sni),
                            "resolve" => Ok(GeneratedField::Resolve),
                            "family" => Ok(GeneratedField::Family),
                            "caPem" | "ca_pem" => Ok(GeneratedField::CaPem),
                            "upstreams" => Ok(GeneratedField::Upstreams),
                            "control" => Ok(GeneratedField::Control),
                            "allowMetadata" | "allow_metadata" => Ok(GeneratedField::AllowMetadata),
                            "times" => Ok(GeneratedField::Times),
                            "proxy" => Ok(GeneratedField::Proxy),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = Want;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.Want")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<Want, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut method__ = None;
                let mut headers__ = None;
                let mut body_bytes__ = None;
                let mut max_time_ms__ = None;
                let mut idle_ms__ = None;
                let mut expect_status__ = None;
                let mut sni__ = None;
                let mut resolve__ = None;
                let mut family__ = None;
                let mut ca_pem__ = None;
                let mut upstreams__ = None;
                let mut control__ = None;
                let mut allow_metadata__ = None;
                let mut times__ = None;
                let mut proxy__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Method => {
                            if method__.is_some() {
                                return Err(serde::de::Error::duplicate_field("method"));
                            }
                            method__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Headers => {
                            if headers__.is_some() {
                                return Err(serde::de::Error::duplicate_field("headers"));
                            }
                            headers__ = Some(map_.next_value()?);
                        }
                        GeneratedField::BodyBytes => {
                            if body_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("bodyBytes"));
                            }
                            body_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::MaxTimeMs => {
                            if max_time_ms__.is_some() {
                                return Err(serde::de::Error::duplicate_field("maxTimeMs"));
                            }
                            max_time_ms__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::IdleMs => {
                            if idle_ms__.is_some() {
                                return Err(serde::de::Error::duplicate_field("idleMs"));
                            }
                            idle_ms__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::ExpectStatus => {
                            if expect_status__.is_some() {
                                return Err(serde::de::Error::duplicate_field("expectStatus"));
                            }
                            expect_status__ = 
                                Some(map_.next_value::<Vec<::pbjson::private::NumberDeserialize<_>>>()?
                                    .into_iter().map(|x| x.0).collect())
                            ;
                        }
                        GeneratedField::Sni => {
                            if sni__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sni"));
                            }
                            sni__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Resolve => {
                            if resolve__.is_some() {
                                return Err(serde::de::Error::duplicate_field("resolve"));
                            }
                            resolve__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Family => {
                            if family__.is_some() {
                                return Err(serde::de::Error::duplicate_field("family"));
                            }
                            family__ = Some(map_.next_value()?);
                        }
                        GeneratedField::CaPem => {
                            if ca_pem__.is_some() {
                                return Err(serde::de::Error::duplicate_field("caPem"));
                            }
                            ca_pem__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Upstreams => {
                            if upstreams__.is_some() {
                                return Err(serde::de::Error::duplicate_field("upstreams"));
                            }
                            upstreams__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Control => {
                            if control__.is_some() {
                                return Err(serde::de::Error::duplicate_field("control"));
                            }
                            control__ = Some(map_.next_value()?);
                        }
                        GeneratedField::AllowMetadata => {
                            if allow_metadata__.is_some() {
                                return Err(serde::de::Error::duplicate_field("allowMetadata"));
                            }
                            allow_metadata__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Times => {
                            if times__.is_some() {
                                return Err(serde::de::Error::duplicate_field("times"));
                            }
                            times__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Proxy => {
                            if proxy__.is_some() {
                                return Err(serde::de::Error::duplicate_field("proxy"));
                            }
                            proxy__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Want {
                    method: method__.unwrap_or_default(),
                    headers: headers__.unwrap_or_default(),
                    body_bytes: body_bytes__.unwrap_or_default(),
                    max_time_ms: max_time_ms__.unwrap_or_default(),
                    idle_ms: idle_ms__.unwrap_or_default(),
                    expect_status: expect_status__.unwrap_or_default(),
                    sni: sni__.unwrap_or_default(),
                    resolve: resolve__.unwrap_or_default(),
                    family: family__.unwrap_or_default(),
                    ca_pem: ca_pem__.unwrap_or_default(),
                    upstreams: upstreams__.unwrap_or_default(),
                    control: control__.unwrap_or_default(),
                    allow_metadata: allow_metadata__.unwrap_or_default(),
                    times: times__.unwrap_or_default(),
                    proxy: proxy__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.Want", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for WatchDetail {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if !self.packets.is_empty() {
            len += 1;
        }
        if self.left_out != 0 {
            len += 1;
        }
        if self.dropped != 0 {
            len += 1;
        }
        if self.works {
            len += 1;
        }
        if !self.missing.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.WatchDetail", len)?;
        if !self.packets.is_empty() {
            struct_ser.serialize_field("packets", &self.packets)?;
        }
        if self.left_out != 0 {
            struct_ser.serialize_field("left_out", &self.left_out)?;
        }
        if self.dropped != 0 {
            struct_ser.serialize_field("dropped", &self.dropped)?;
        }
        if self.works {
            struct_ser.serialize_field("works", &self.works)?;
        }
        if !self.missing.is_empty() {
            struct_ser.serialize_field("missing", &self.missing)?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for WatchDetail {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "packets",
            "left_out",
            "leftOut",
            "dropped",
            "works",
            "missing",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Packets,
            LeftOut,
            Dropped,
            Works,
            Missing,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "packets" => Ok(GeneratedField::Packets),
                            "leftOut" | "left_out" => Ok(GeneratedField::LeftOut),
                            "dropped" => Ok(GeneratedField::Dropped),
                            "works" => Ok(GeneratedField::Works),
                            "missing" => Ok(GeneratedField::Missing),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = WatchDetail;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.WatchDetail")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<WatchDetail, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut packets__ = None;
                let mut left_out__ = None;
                let mut dropped__ = None;
                let mut works__ = None;
                let mut missing__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Packets => {
                            if packets__.is_some() {
                                return Err(serde::de::Error::duplicate_field("packets"));
                            }
                            packets__ = Some(map_.next_value()?);
                        }
                        GeneratedField::LeftOut => {
                            if left_out__.is_some() {
                                return Err(serde::de::Error::duplicate_field("leftOut"));
                            }
                            left_out__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Dropped => {
                            if dropped__.is_some() {
                                return Err(serde::de::Error::duplicate_field("dropped"));
                            }
                            dropped__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Works => {
                            if works__.is_some() {
                                return Err(serde::de::Error::duplicate_field("works"));
                            }
                            works__ = Some(map_.next_value()?);
                        }
                        GeneratedField::Missing => {
                            if missing__.is_some() {
                                return Err(serde::de::Error::duplicate_field("missing"));
                            }
                            missing__ = Some(map_.next_value()?);
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(WatchDetail {
                    packets: packets__.unwrap_or_default(),
                    left_out: left_out__.unwrap_or_default(),
                    dropped: dropped__.unwrap_or_default(),
                    works: works__.unwrap_or_default(),
                    missing: missing__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.WatchDetail", FIELDS, GeneratedVisitor)
    }
}
impl serde::Serialize for WatchedPacket {
    #[allow(deprecated)]
    fn serialize<S>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        use serde::ser::SerializeStruct;
        let mut len = 0;
        if self.sent {
            len += 1;
        }
        if self.at_us != 0 {
            len += 1;
        }
        if self.flags != 0 {
            len += 1;
        }
        if self.seq != 0 {
            len += 1;
        }
        if self.ack != 0 {
            len += 1;
        }
        if self.window != 0 {
            len += 1;
        }
        if self.ttl != 0 {
            len += 1;
        }
        if self.ip_id.is_some() {
            len += 1;
        }
        if self.payload_bytes != 0 {
            len += 1;
        }
        if self.packet_bytes != 0 {
            len += 1;
        }
        if self.options != 0 {
            len += 1;
        }
        if !self.head.is_empty() {
            len += 1;
        }
        let mut struct_ser = serializer.serialize_struct("mesh.v1.WatchedPacket", len)?;
        if self.sent {
            struct_ser.serialize_field("sent", &self.sent)?;
        }
        if self.at_us != 0 {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("at_us", ToString::to_string(&self.at_us).as_str())?;
        }
        if self.flags != 0 {
            struct_ser.serialize_field("flags", &self.flags)?;
        }
        if self.seq != 0 {
            struct_ser.serialize_field("seq", &self.seq)?;
        }
        if self.ack != 0 {
            struct_ser.serialize_field("ack", &self.ack)?;
        }
        if self.window != 0 {
            struct_ser.serialize_field("window", &self.window)?;
        }
        if self.ttl != 0 {
            struct_ser.serialize_field("ttl", &self.ttl)?;
        }
        if let Some(v) = self.ip_id.as_ref() {
            struct_ser.serialize_field("ip_id", v)?;
        }
        if self.payload_bytes != 0 {
            struct_ser.serialize_field("payload_bytes", &self.payload_bytes)?;
        }
        if self.packet_bytes != 0 {
            struct_ser.serialize_field("packet_bytes", &self.packet_bytes)?;
        }
        if self.options != 0 {
            struct_ser.serialize_field("options", &self.options)?;
        }
        if !self.head.is_empty() {
            #[allow(clippy::needless_borrow)]
            #[allow(clippy::needless_borrows_for_generic_args)]
            struct_ser.serialize_field("head", pbjson::private::base64::encode(&self.head).as_str())?;
        }
        struct_ser.end()
    }
}
impl<'de> serde::Deserialize<'de> for WatchedPacket {
    #[allow(deprecated)]
    fn deserialize<D>(deserializer: D) -> std::result::Result<Self, D::Error>
    where
        D: serde::Deserializer<'de>,
    {
        const FIELDS: &[&str] = &[
            "sent",
            "at_us",
            "atUs",
            "flags",
            "seq",
            "ack",
            "window",
            "ttl",
            "ip_id",
            "ipId",
            "payload_bytes",
            "payloadBytes",
            "packet_bytes",
            "packetBytes",
            "options",
            "head",
        ];

        #[allow(clippy::enum_variant_names)]
        enum GeneratedField {
            Sent,
            AtUs,
            Flags,
            Seq,
            Ack,
            Window,
            Ttl,
            IpId,
            PayloadBytes,
            PacketBytes,
            Options,
            Head,
            __SkipField__,
        }
        impl<'de> serde::Deserialize<'de> for GeneratedField {
            fn deserialize<D>(deserializer: D) -> std::result::Result<GeneratedField, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                struct GeneratedVisitor;

                impl serde::de::Visitor<'_> for GeneratedVisitor {
                    type Value = GeneratedField;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(formatter, "expected one of: {:?}", &FIELDS)
                    }

                    #[allow(unused_variables)]
                    fn visit_str<E>(self, value: &str) -> std::result::Result<GeneratedField, E>
                    where
                        E: serde::de::Error,
                    {
                        match value {
                            "sent" => Ok(GeneratedField::Sent),
                            "atUs" | "at_us" => Ok(GeneratedField::AtUs),
                            "flags" => Ok(GeneratedField::Flags),
                            "seq" => Ok(GeneratedField::Seq),
                            "ack" => Ok(GeneratedField::Ack),
                            "window" => Ok(GeneratedField::Window),
                            "ttl" => Ok(GeneratedField::Ttl),
                            "ipId" | "ip_id" => Ok(GeneratedField::IpId),
                            "payloadBytes" | "payload_bytes" => Ok(GeneratedField::PayloadBytes),
                            "packetBytes" | "packet_bytes" => Ok(GeneratedField::PacketBytes),
                            "options" => Ok(GeneratedField::Options),
                            "head" => Ok(GeneratedField::Head),
                            _ => Ok(GeneratedField::__SkipField__),
                        }
                    }
                }
                deserializer.deserialize_identifier(GeneratedVisitor)
            }
        }
        struct GeneratedVisitor;
        impl<'de> serde::de::Visitor<'de> for GeneratedVisitor {
            type Value = WatchedPacket;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("struct mesh.v1.WatchedPacket")
            }

            fn visit_map<V>(self, mut map_: V) -> std::result::Result<WatchedPacket, V::Error>
                where
                    V: serde::de::MapAccess<'de>,
            {
                let mut sent__ = None;
                let mut at_us__ = None;
                let mut flags__ = None;
                let mut seq__ = None;
                let mut ack__ = None;
                let mut window__ = None;
                let mut ttl__ = None;
                let mut ip_id__ = None;
                let mut payload_bytes__ = None;
                let mut packet_bytes__ = None;
                let mut options__ = None;
                let mut head__ = None;
                while let Some(k) = map_.next_key()? {
                    match k {
                        GeneratedField::Sent => {
                            if sent__.is_some() {
                                return Err(serde::de::Error::duplicate_field("sent"));
                            }
                            sent__ = Some(map_.next_value()?);
                        }
                        GeneratedField::AtUs => {
                            if at_us__.is_some() {
                                return Err(serde::de::Error::duplicate_field("atUs"));
                            }
                            at_us__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Flags => {
                            if flags__.is_some() {
                                return Err(serde::de::Error::duplicate_field("flags"));
                            }
                            flags__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Seq => {
                            if seq__.is_some() {
                                return Err(serde::de::Error::duplicate_field("seq"));
                            }
                            seq__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Ack => {
                            if ack__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ack"));
                            }
                            ack__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Window => {
                            if window__.is_some() {
                                return Err(serde::de::Error::duplicate_field("window"));
                            }
                            window__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Ttl => {
                            if ttl__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ttl"));
                            }
                            ttl__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::IpId => {
                            if ip_id__.is_some() {
                                return Err(serde::de::Error::duplicate_field("ipId"));
                            }
                            ip_id__ = 
                                map_.next_value::<::std::option::Option<::pbjson::private::NumberDeserialize<_>>>()?.map(|x| x.0)
                            ;
                        }
                        GeneratedField::PayloadBytes => {
                            if payload_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("payloadBytes"));
                            }
                            payload_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::PacketBytes => {
                            if packet_bytes__.is_some() {
                                return Err(serde::de::Error::duplicate_field("packetBytes"));
                            }
                            packet_bytes__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Options => {
                            if options__.is_some() {
                                return Err(serde::de::Error::duplicate_field("options"));
                            }
                            options__ = 
                                Some(map_.next_value::<::pbjson::private::NumberDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::Head => {
                            if head__.is_some() {
                                return Err(serde::de::Error::duplicate_field("head"));
                            }
                            head__ = 
                                Some(map_.next_value::<::pbjson::private::BytesDeserialize<_>>()?.0)
                            ;
                        }
                        GeneratedField::__SkipField__ => {
                            let _ = map_.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(WatchedPacket {
                    sent: sent__.unwrap_or_default(),
                    at_us: at_us__.unwrap_or_default(),
                    flags: flags__.unwrap_or_default(),
                    seq: seq__.unwrap_or_default(),
                    ack: ack__.unwrap_or_default(),
                    window: window__.unwrap_or_default(),
                    ttl: ttl__.unwrap_or_default(),
                    ip_id: ip_id__,
                    payload_bytes: payload_bytes__.unwrap_or_default(),
                    packet_bytes: packet_bytes__.unwrap_or_default(),
                    options: options__.unwrap_or_default(),
                    head: head__.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_struct("mesh.v1.WatchedPacket", FIELDS, GeneratedVisitor)
    }
}
